import RedisClient

/// How messages are read without reading what is too large: the lengths are counted where the messages are.
///
/// Both return entries as `{id, bytes, number of names and values, namespace, names and values}`. The last are the first
/// bytes of the first few if there is too much of them, and nothing if they weren't asked for.
enum IntakeScripts {
    /// What follows the arguments of their own: bytes and number of names and values that are not too much.
    static let limits: [RedisArgument] = [
        RedisArgument(IntakeMessage.maximumBytes), RedisArgument(2 * IntakeMessage.maximumFields),
    ]

    private static let measure = """
        local function measure(entry, most, longest, whole)
            local fields, bytes, namespace, shown = entry[2] or {}, 0, '', {}
            for index = 1, #fields do
                bytes = bytes + #fields[index]
                if index % 2 == 0 and fields[index - 1] == 'namespace' then
                    namespace = string.sub(fields[index], 1, 64)
                end
            end
            if bytes > tonumber(most) or #fields > tonumber(longest) then
                for index = 1, math.min(#fields, 32) do shown[index] = string.sub(fields[index], 1, 256) end
            elseif whole then
                shown = fields
            end
            return {entry[1], bytes, #fields, namespace, shown}
        end

        """

    /// KEYS stream; ARGV group, consumer, count, `>` or the id after which to begin, limits → the entries, and up to where
    /// the group has read if there are none. One by one, so that Redis has only one in its hands; and not many large ones
    /// in one go, which would hold up everybody.
    static let next = RedisScript(
        measure + """
            local from, found, bytes = ARGV[4], {}, 0
            for _ = 1, tonumber(ARGV[3]) do
                local reply = redis.pcall('XREADGROUP', 'GROUP', ARGV[1], ARGV[2], 'COUNT', '1',
                    'STREAMS', KEYS[1], from)
                if type(reply) == 'table' and reply.err then return reply end
                local entry = reply and reply[1] and reply[1][2][1]
                if not entry then break end
                local measured = measure(entry, ARGV[5], ARGV[6], false)
                found[#found + 1] = measured
                bytes = bytes + measured[2]
                if from ~= '>' then from = entry[1] end
                if bytes > 4194304 then break end
            end
            local last = ''
            if #found == 0 then
                for _, group in ipairs(redis.call('XINFO', 'GROUPS', KEYS[1])) do
                    local told = {}
                    for index = 1, #group, 2 do told[group[index]] = group[index + 1] end
                    if told['name'] == ARGV[1] then last = told['last-delivered-id'] end
                end
            end
            return {found, last}
            """)

    /// KEYS stream; ARGV limits, whether whole (`1`), ids → the entries; of one that is gone, no fields.
    static let look = RedisScript(
        measure + """
            local found = {}
            for index = 4, #ARGV do
                local entries = redis.call('XRANGE', KEYS[1], ARGV[index], ARGV[index])
                found[#found + 1] = measure(entries[1] or {ARGV[index]}, ARGV[1], ARGV[2], ARGV[3] == '1')
            end
            return found
            """)

    /// KEYS stream, rejected stream; ARGV group, id, length, then names and values of what is kept.
    ///
    /// A message that isn't pending any more was rejected already, so that it is there once. It is acknowledged last: what
    /// a script has done before it fails stays done, and the copy fails where Redis is full.
    static let reject = RedisScript(
        """
        if #redis.call('XPENDING', KEYS[1], ARGV[1], ARGV[2], ARGV[2], 1) == 0 then return 0 end
        redis.call('XADD', KEYS[2], 'MAXLEN', '~', ARGV[3], '*', unpack(ARGV, 4))
        redis.call('XACK', KEYS[1], ARGV[1], ARGV[2])
        return 1
        """)
}
