internal import HTTPTypes
internal import Hummingbird
internal import NIOCore

/// Small pages for somebody on her way: the page itself isn't there yet.
struct SignInPages: Sendable {
    /// From slash to slash.
    let basePath: String

    /// Why nobody is signed in, in words.
    func refusal(_ words: String, _ status: Int, cookies: [String]) -> Response {
        page(
            status, cookies,
            """
            <h1>You are not signed in</h1><p>\(words.htmlEscaped)</p>\
            <p><a href="\(basePath)auth/sign-in">Sign in again</a> · <a href="\(basePath)">To the start</a></p>
            """)
    }

    /// In a window that a frame of the page has opened: gives the frame the sealed session, and closes itself. It is in no
    /// address, so that no log and no history has it.
    func handOver(_ token: String, cookies: [String]) -> Response {
        page(
            200, cookies,
            """
            <h1>You are signed in</h1><p>This window closes by itself. If it stays, your browser keeps it apart from the \
            tab that opened it: <a href="\(basePath)">go on in this window</a>, and sign in once more.</p>
            """,
            attributes: " data-token=\"\(token.htmlEscaped)\"",
            script: "<script src=\"\(basePath)auth/hand-over.js\"></script>")
    }

    /// Only a page of ours gets it: another origin is sent nothing.
    static let script = """
        if (window.opener) {
            window.opener.postMessage({ kind: 'report-session', token: document.body.dataset.token }, location.origin);
            window.close();
        }
        """

    func scriptFile() -> Response {
        Response(
            status: .ok,
            headers: [.contentType: "text/javascript; charset=utf-8", .cacheControl: "public, max-age=300"],
            body: ResponseBody(byteBuffer: ByteBuffer(string: Self.script)))
    }

    private func page(
        _ status: Int, _ cookies: [String], _ main: String, attributes: String = "", script: String = ""
    ) -> Response {
        let html = """
            <!doctype html><html lang="en"><head><meta charset="utf-8"><title>Sign-in</title>\
            <meta name="viewport" content="width=device-width"><meta name="color-scheme" content="light dark"></head>\
            <body\(attributes)><main>\(main)</main>\(script)</body></html>
            """
        var headers: HTTPFields = [.contentType: "text/html; charset=utf-8", .cacheControl: "no-store"]
        for cookie in cookies { headers.append(HTTPField(name: .setCookie, value: cookie)) }
        return Response(
            status: HTTPResponse.Status(code: status), headers: headers,
            body: ResponseBody(byteBuffer: ByteBuffer(string: html)))
    }
}

extension String {
    fileprivate var htmlEscaped: String {
        reduce(into: "") { text, character in
            switch character {
            case "<": text += "&lt;"
            case ">": text += "&gt;"
            case "&": text += "&amp;"
            case "\"": text += "&quot;"
            default: text.append(character)
            }
        }
    }
}
