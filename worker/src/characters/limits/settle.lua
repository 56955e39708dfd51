-- What became of calls: six arguments each, after how many failures in a row the breaker opens and how long it stays so.
local failures, pause, longest_pause = tonumber(ARGV[1]), tonumber(ARGV[2]), tonumber(ARGV[3])

local function judge(id, outcome)
    local open = number(account, 'open')
    local is_probe = open > 0 and redis.call('HGET', account, 'probe') == id
    if open > 0 and not is_probe then
        -- Calls from before the pause say nothing of what is now.
        return
    end
    if outcome == 'unheard' then
        redis.call('HDEL', account, 'probe', 'probe_until')
    elseif outcome == 'silence' or outcome == 'failure' then
        local failed = redis.call('HINCRBY', account, 'failures', 1)
        if is_probe or failed >= failures then
            local pauses = redis.call('HINCRBY', account, 'pauses', 1)
            local this = math.min(pause * 2 ^ math.min(pauses - 1, 10), longest_pause)
            redis.call('HSET', account, 'open', now + this, 'fault', outcome, 'failures', 0)
            redis.call('HDEL', account, 'probe', 'probe_until')
        end
    else
        redis.call('HDEL', account, 'open', 'pauses', 'fault', 'failures', 'probe', 'probe_until')
    end
end

for i = 4, #ARGV, 6 do
    local id, outcome = ARGV[i], ARGV[i + 4]
    local requests, tokens, micro_usd = tonumber(ARGV[i + 1]), tonumber(ARGV[i + 2]), tonumber(ARGV[i + 3])
    if not release(id, requests, tokens, micro_usd) then
        -- Its lease was over: what it used was used all the same.
        count(newest, requests, tokens)
        spend(micro_usd, day)
    end
    if outcome == 'blocked' or outcome == 'quota' then
        local blocked = now + tonumber(ARGV[i + 5])
        if blocked > number(account, 'blocked') then
            redis.call('HSET', account, 'blocked', blocked, 'quota', outcome == 'quota' and 1 or 0)
        end
    end
    judge(id, outcome)
end
return #ARGV
