import HTTPTypes
import Hummingbird
import Testing

@testable import GatewayServer

struct SecurityHeadersTests {
    @Test func nothingRunsAndNobodyFrames() {
        let headers = Self.headers(SecurityHeaders(frameAncestors: [], isSecure: true))
        #expect(headers[.xContentTypeOptions] == "nosniff")
        #expect(headers[.xFrameOptions] == "DENY")
        #expect(headers[.strictTransportSecurity] == "max-age=31536000")
        #expect(headers[.referrerPolicy] == "same-origin")
        #expect(headers[.crossOriginOpenerPolicy] == "same-origin")
        let resourcePolicy = headers.first { $0.name.canonicalName == "cross-origin-resource-policy" }
        #expect(resourcePolicy?.value == "same-origin")
        let policy = headers[.contentSecurityPolicy] ?? ""
        for part in ["default-src 'none'", "script-src 'self';", "frame-ancestors 'none'", "base-uri 'self'"] {
            #expect(policy.contains(part))
        }
        #expect(!policy.contains("unsafe"))
    }

    @Test func whoMayFrameIsNamed() {
        let headers = Self.headers(
            SecurityHeaders(frameAncestors: ["https://teams.microsoft.com", "https://a.example"], isSecure: false))
        #expect(
            headers[.contentSecurityPolicy]?.hasSuffix("frame-ancestors https://teams.microsoft.com https://a.example")
                == true)
        #expect(headers[.xFrameOptions] == nil)
        // Else the window where somebody signs in would not find the frame that it was opened from.
        #expect(headers[.crossOriginOpenerPolicy] == nil)
        #expect(headers[.strictTransportSecurity] == nil)
    }

    /// A file's own rule, which is stricter, stays.
    @Test func aFileStaysInItsSandbox() {
        let headers = Self.headers(
            SecurityHeaders(frameAncestors: ["https://a.example"], isSecure: true),
            [.contentSecurityPolicy: SecurityHeaders.filePolicy])
        #expect(headers[.contentSecurityPolicy]?.hasPrefix("sandbox; default-src 'none'") == true)
    }

    /// The page shows it in a frame, and may stand in one itself.
    @Test func aFileWithinThePageStandsWhereThePageStands() {
        let own: HTTPFields = [
            .contentSecurityPolicy: SecurityHeaders.framedFilePolicy, .xFrameOptions: "SAMEORIGIN",
        ]
        let alone = Self.headers(SecurityHeaders(frameAncestors: [], isSecure: true), own)
        #expect(alone[.contentSecurityPolicy]?.hasSuffix("; frame-ancestors 'self'") == true)
        #expect(alone[.xFrameOptions] == "SAMEORIGIN")
        let framed = Self.headers(SecurityHeaders(frameAncestors: ["https://a.example"], isSecure: true), own)
        #expect(framed[.contentSecurityPolicy]?.hasPrefix("sandbox; default-src 'none'") == true)
        #expect(framed[.contentSecurityPolicy]?.hasSuffix("; frame-ancestors 'self' https://a.example") == true)
        #expect(framed[.xFrameOptions] == nil)
    }

    private static func headers(_ security: SecurityHeaders, _ own: HTTPFields = [:]) -> HTTPFields {
        var response = Response(status: .ok, headers: own)
        security.add(to: &response)
        return response.headers
    }
}
