-- What reserving and settling have in common. `now` is set before: milliseconds of Redis' clock.
-- The account: day, spent, blocked, quota, failures, open, pauses, fault, probe, probe_until.
-- The window: requests and tokens by second (r<second>, t<second>), their sums (r, t) and the oldest second (low).
-- Held: calls under way by the end of their leases; what: what each of them has reserved.
local account, window, held, what = KEYS[1], KEYS[2], KEYS[3], KEYS[4]
local WINDOW = 61
local second = math.floor(now / 1000)
local day = math.floor(now / 86400000)

local function number(key, field)
    return tonumber(redis.call('HGET', key, field) or '0')
end

local function spend(micro_usd, on)
    if on == day and number(account, 'day') == day then
        redis.call('HINCRBY', account, 'spent', micro_usd)
    end
end

local function count(at, requests, tokens)
    redis.call('HINCRBY', window, 'r' .. at, requests)
    redis.call('HINCRBY', window, 't' .. at, tokens)
    redis.call('HINCRBY', window, 'r', requests)
    redis.call('HINCRBY', window, 't', tokens)
end

-- Takes back what was reserved and says when that was; the request stays counted if it was made.
local function release(id, requests, tokens, micro_usd)
    local reserved = redis.call('HGET', what, id)
    if not reserved then
        return false
    end
    redis.call('HDEL', what, id)
    redis.call('ZREM', held, id)
    local at, on, its_tokens, its_micro_usd = string.match(reserved, '^(%d+) (%d+) (%d+) (%d+)$')
    if redis.call('HEXISTS', window, 'r' .. at) == 1 then
        count(at, math.min(requests, 1) - 1, tokens - tonumber(its_tokens))
    end
    spend(micro_usd - tonumber(its_micro_usd), tonumber(on))
    return true
end

-- Leases that are over, of workers that died.
for _, id in ipairs(redis.call('ZRANGEBYSCORE', held, '-inf', now)) do
    release(id, 1, 0, 0)
end

-- Seconds that left the window. After a long rest all of them have.
local low = tonumber(redis.call('HGET', window, 'low') or second)
if second - low > 2 * WINDOW then
    redis.call('DEL', window)
    low = second
end
for at = low, second - WINDOW do
    local counted = redis.call('HMGET', window, 'r' .. at, 't' .. at)
    if counted[1] then
        -- Not a bare minus: Lua would say -0, which Redis does not take for a number.
        redis.call('HINCRBY', window, 'r', 0 - tonumber(counted[1]))
        redis.call('HINCRBY', window, 't', 0 - tonumber(counted[2]))
        redis.call('HDEL', window, 'r' .. at, 't' .. at)
    end
    low = at + 1
end
-- A clock that went back counts on in the newest second that was seen.
local newest = number(window, 'newest')
if second > newest then
    newest = second
end
redis.call('HSET', window, 'low', low, 'newest', newest)
redis.call('EXPIRE', window, 600)
