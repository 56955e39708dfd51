-- All of it, or nothing. Answers {verdict, milliseconds, fault}.
local id, lease = ARGV[1], tonumber(ARGV[2])
local tokens, micro_usd = tonumber(ARGV[3]), tonumber(ARGV[4])
-- Parts of the limits that this lane may use up; -1: without bound.
local most_held, most_requests, most_tokens = tonumber(ARGV[5]), tonumber(ARGV[6]), tonumber(ARGV[7])
-- The whole limits.
local tokens_per_minute, daily = tonumber(ARGV[8]), tonumber(ARGV[9])
-- What the ledger says was spent today; -1: it was not asked.
local ledger = tonumber(ARGV[10])

local open, probe_until = number(account, 'open'), number(account, 'probe_until')
if open > 0 then
    local free_at = now < open and open or probe_until
    if now < free_at then
        return { 'broken', free_at - now, redis.call('HGET', account, 'fault') }
    end
end
local blocked = number(account, 'blocked')
if now < blocked then
    if number(account, 'quota') == 1 then
        return { 'spent', 0, '' }
    end
    return { 'blocked', blocked - now, '' }
end
if number(account, 'day') ~= day then
    if daily >= 0 and ledger < 0 then
        return { 'unknown', 0, '' }
    end
    redis.call('HSET', account, 'day', day, 'spent', math.max(ledger, 0))
end
if daily >= 0 and number(account, 'spent') + micro_usd > daily then
    return { 'spent', 0, '' }
end
if tokens_per_minute >= 0 and tokens > tokens_per_minute then
    return { 'too_large', 0, '' }
end
if redis.call('ZCARD', held) >= most_held then
    return { 'busy', 0, '' }
end

-- Milliseconds until so much more fits in. What is larger than its part may go alone.
local function wait(letter, more, most)
    if most < 0 then
        return 0
    end
    local left = number(window, letter)
    if left == 0 or left + more <= most then
        return 0
    end
    for at = low, newest do
        local counted = number(window, letter .. at)
        left = left - counted
        if counted > 0 and (left == 0 or left + more <= most) then
            return (at + WINDOW) * 1000 - now
        end
    end
    return WINDOW * 1000
end
local ms = math.max(wait('r', 1, most_requests), wait('t', tokens, most_tokens))
if ms > 0 then
    return { 'full', ms, '' }
end

redis.call('ZADD', held, now + lease, id)
redis.call('HSET', what, id, string.format('%d %d %.0f %.0f', newest, day, tokens, micro_usd))
count(newest, 1, tokens)
spend(micro_usd, day)
if open > 0 then
    redis.call('HSET', account, 'probe', id, 'probe_until', now + lease)
end
redis.call('EXPIRE', account, 259200)
redis.call('EXPIRE', held, 86400)
redis.call('EXPIRE', what, 86400)
return { 'granted', 0, '' }
