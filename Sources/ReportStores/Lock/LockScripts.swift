import RedisClient

/// The lock's rules, as Redis carries them out: each script is one step, and the only clock is Redis' own.
///
/// Keys of a group, all with one hash tag so that they are in one slot:
/// - `…:holders` ZSET holder → end of its lease (ms)
/// - `…:fences`  HASH holder → its fence
/// - `…:fence`   the highest fence that was ever given
/// - `…:line`    ZSET waiter → when it first asked (µs, rising strictly): the order
/// - `…:asked`   ZSET waiter → when it counts as dead unless it asks again (ms)
/// - `…:gone`    ZSET former holder → when its place was given back or given on (ms)
/// and of all groups `…:server` HASH run (of the Redis process that wrote last), grace (its end, ms).
///
/// A lapsed lease stays in `holders` until somebody takes the place, so a holder that comes back in time keeps it.
/// A holder that is in neither `holders` nor `gone` was forgotten by Redis, not put out: it may come back.
enum LockScripts {
    /// For each script: KEYS of the group, times, and whether Redis was restarted since it was seen last.
    private static let prelude = """
        -- Redis before 7 replicates a script that reads the clock only when told to replicate its effects.
        if redis.replicate_commands then redis.replicate_commands() end
        local holders, fences, counter, line, asked, gone, server =
            KEYS[1], KEYS[2], KEYS[3], KEYS[4], KEYS[5], KEYS[6], KEYS[7]
        local time = redis.call('TIME')
        local now = tonumber(time[1]) * 1000 + math.floor(tonumber(time[2]) / 1000)
        local micros = tonumber(time[1]) * 1000000 + tonumber(time[2])
        local function text(number) return string.format('%.0f', number) end
        local function number(value) return tonumber(value or '0') or 0 end
        local function keep(key, ttl)
            redis.call('PEXPIRE', key, text(math.max(86400000, 3 * ttl)))
        end

        -- Another process, or one that lost its data: holders must have the time to come back first.
        local run = string.match(redis.call('INFO', 'server'), 'run_id:(%x+)') or 'unknown'
        local function graceEnd(grace, empty)
            local last = redis.call('HGET', server, 'run')
            if last ~= run then
                redis.call('HSET', server, 'run', run, 'grace', text(now + (last and grace or empty)))
            end
            return number(redis.call('HGET', server, 'grace'))
        end

        local function live() return redis.call('ZCOUNT', holders, '(' .. text(now), '+inf') end
        local function hold(holder, fence, ttl, limit)
            -- Lapsed leases give way, the oldest first, as many as the place needs.
            local lapsed = redis.call('ZRANGEBYSCORE', holders, '-inf', text(now))
            local excess = redis.call('ZCARD', holders) - limit + 1
            for _, former in ipairs(lapsed) do
                if excess <= 0 then break end
                if former ~= holder then
                    redis.call('ZREM', holders, former)
                    redis.call('HDEL', fences, former)
                    redis.call('ZADD', gone, text(now), former)
                    excess = excess - 1
                end
            end
            redis.call('ZADD', holders, text(now + ttl), holder)
            redis.call('HSET', fences, holder, text(fence))
            redis.call('SET', counter, text(math.max(fence, number(redis.call('GET', counter)))), 'PX', '7776000000')
            redis.call('ZREM', line, holder)
            redis.call('ZREM', asked, holder)
            redis.call('ZREMRANGEBYSCORE', gone, '-inf', text(now - 86400000))
            keep(holders, ttl) keep(fences, ttl) keep(gone, ttl)
        end
        -- A holder that Redis has: true, with its lease renewed. One that Redis forgot comes back if there is room.
        local function renew(holder, fence, ttl, limit)
            if redis.call('ZSCORE', holders, holder) then
                redis.call('ZADD', holders, text(now + ttl), holder)
                keep(holders, ttl) keep(fences, ttl)
                return true
            end
            if fence > 0 and not redis.call('ZSCORE', gone, holder) and live() < limit then
                hold(holder, fence, ttl, limit)
                return true
            end
            return false
        end

        """

    /// ARGV holder, ttl, limit, grace after a restart, the fence that the holder says it has (0 for none), grace of an
    /// empty server →
    /// `{1, fence}` or `{0, ahead, milliseconds until it is worth asking again}`
    static let acquire = RedisScript(
        prelude + """
            local holder, ttl, limit = ARGV[1], tonumber(ARGV[2]), tonumber(ARGV[3])
            local grace = graceEnd(tonumber(ARGV[4]), tonumber(ARGV[6]))
            if renew(holder, tonumber(ARGV[5]), ttl, limit) then
                return {1, redis.call('HGET', fences, holder)}
            end

            for _, dead in ipairs(redis.call('ZRANGEBYSCORE', asked, '-inf', text(now))) do
                if dead ~= holder then
                    redis.call('ZREM', line, dead)
                    redis.call('ZREM', asked, dead)
                end
            end
            if not redis.call('ZSCORE', line, holder) then
                local last = redis.call('ZREVRANGE', line, 0, 0, 'WITHSCORES')
                redis.call('ZADD', line, text(math.max(micros, number(last[2]) + 1)), holder)
            end
            redis.call('ZADD', asked, text(now + ttl), holder)
            keep(line, ttl) keep(asked, ttl)

            local ahead = redis.call('ZRANK', line, holder)
            local free = limit - live()
            if now >= grace and ahead < free then
                local fence = math.max(number(redis.call('GET', counter)) + 1, now)
                redis.call('ZREM', gone, holder)
                hold(holder, fence, ttl, limit)
                return {1, text(fence)}
            end

            -- What could change without anybody telling: the grace ends, a lease lapses, somebody ahead is dead.
            local soonest = now + ttl
            if now < grace then soonest = grace end
            if now >= grace and ahead >= math.max(free, 0) then
                local place = ahead - math.max(free, 0)
                local leases = redis.call(
                    'ZRANGEBYSCORE', holders, '(' .. text(now), '+inf', 'WITHSCORES', 'LIMIT', place, 1)
                if leases[2] then soonest = math.min(soonest, tonumber(leases[2])) end
                -- The range 0…-1 would be everybody, so oneself stands in it too, which changes nothing.
                for _, other in ipairs(redis.call('ZRANGE', line, 0, math.min(ahead, 100))) do
                    soonest = math.min(soonest, number(redis.call('ZSCORE', asked, other)))
                end
            end
            return {0, ahead, math.max(1, soonest - now)}
            """)

    /// ARGV holder, ttl, limit, grace after a restart, fence, grace of an empty server → `{1}`, or `{0, a holder}`
    static let renew = RedisScript(
        prelude + """
            graceEnd(tonumber(ARGV[4]), tonumber(ARGV[6]))
            if renew(ARGV[1], tonumber(ARGV[5]), tonumber(ARGV[2]), tonumber(ARGV[3])) then return {1} end
            local others = redis.call('ZREVRANGE', holders, 0, 0)
            return {0, others[1] or false}
            """)

    /// ARGV holder, the channel, the group → whether it held a place or was in the queue
    static let leave = RedisScript(
        prelude + """
            local held = redis.call('ZREM', holders, ARGV[1])
            redis.call('HDEL', fences, ARGV[1])
            if held == 1 then
                -- A renewal that is still on its way must not bring the holder back.
                redis.call('ZADD', gone, text(now), ARGV[1])
                keep(gone, 0)
            end
            local waited = redis.call('ZREM', line, ARGV[1])
            redis.call('ZREM', asked, ARGV[1])
            if held + waited == 0 then return 0 end
            redis.call('PUBLISH', ARGV[2], ARGV[3])
            return 1
            """)

    static func keys(of group: String) -> [RedisArgument] {
        ["holders", "fences", "fence", "line", "asked", "gone"].map { .text("reports:lock:{shared}:\(group):\($0)") }
            + ["reports:lock:{shared}:server"]
    }
}
