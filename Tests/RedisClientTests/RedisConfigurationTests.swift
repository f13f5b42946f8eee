import RedisClient
import Testing

@Suite struct RedisConfigurationTests {
    @Test(arguments: [
        ("redis://localhost", "redis://localhost:6379/0"),
        ("redis://localhost:7000/3", "redis://localhost:7000/3"),
        ("rediss://user:secret@redis.example.com", "rediss://redis.example.com:6379/0"),
        ("REDIS://:secret@[::1]:7000/", "redis://[::1]:7000/0"),
        ("redis://:secret@[fe80::1]", "redis://[fe80::1]:6379/0"),
        ("unix:///run/redis.sock?db=2", "unix:///run/redis.sock?db=2"),
        ("unix://:secret@/run/redis.sock", "unix:///run/redis.sock?db=0"),
    ])
    func addressIsReadAndShownWithoutSecrets(url: String, shown: String) throws {
        #expect(try RedisConfiguration(url: url).sanitizedURL == shown)
    }

    @Test func userAndPasswordAreDecoded() throws {
        let configuration = try RedisConfiguration(url: "redis://us%40er:p%25a%3As@s%2F@host:1/2")
        #expect(configuration.username == "us@er")
        #expect(configuration.password == "p%a:s@s/")
        #expect(configuration.database == 2)
        #expect(configuration.endpoint == .tcp(host: "host", port: 1))
        #expect(try RedisConfiguration(url: "redis://:only@host").username == nil)
        #expect(try RedisConfiguration(url: "rediss://host?cafile=/etc/ca.pem").caFile == "/etc/ca.pem")
        #expect(try RedisConfiguration(url: "rediss://host").verifiesCertificate)
    }

    @Test(arguments: [
        "localhost:6379", "http://host", "redis://", "redis://:secret@", "redis://host:0", "redis://host:65536",
        "redis://host:secret", "redis://::1", "redis://[::1", "redis://[::1]secret", "redis://host/secret?",
        "redis://host/-1", "redis://secret@host", "redis://user:@host", "redis://user:%zz-secret@host", "unix://run/x",
        "redis://host?cafile=/x", "rediss://host?verify=no", "redis://:%ff@host",
    ])
    func wrongAddressIsRefusedWithoutItsSecret(url: String) throws {
        let error = #expect(throws: RedisError.self) { try RedisConfiguration(url: url) }
        #expect(error?.code == .invalidConfiguration)
        #expect(error?.isRetryable == false)
        if !url.contains("/secret") { #expect(error?.message.contains("secret") == false) }
    }
}
