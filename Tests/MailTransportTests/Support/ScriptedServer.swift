import Foundation
import LoopbackSupport
import MailTransport

/// A mail server without TLS that does what its script says.
final class ScriptedServer: Sendable {
    enum End: Sendable {
        case reply(String)
        /// Ends the connection instead.
        case cut
        /// Says nothing until the flag is raised.
        case stall
    }

    struct Script: Sendable {
        var greeting = "220 scripted ready"
        var extensions = ["8BITMIME"]
        /// The one that XOAUTH2 takes.
        var token = ""
        var mail = "250 2.1.0 ok"
        /// By recipient; others are taken, and with an empty answer nothing is said any more.
        var recipients: [String: String] = [:]
        var data = "354 go on"
        /// Ends the connection after that number of bytes of the message.
        var cutAfter: Int?
        var afterMessage = End.reply("250 2.0.0 queued as 1")
        /// Ends the connection after that number of messages, without a word unless there is one.
        var lastMessage = Int.max
        var farewell: String?
    }

    let listener = LoopbackListener()
    let commands = Recorder<String>()
    let messages = Recorder<String>()

    /// - Parameter script: of the connection of that number, from 1.
    init(_ script: @escaping @Sendable (Int) -> Script) {
        listener.start { [commands, messages] connection in
            Self.serve(connection, script(connection.number), commands, messages)
        }
    }

    convenience init(_ script: Script = Script()) { self.init { _ in script } }

    var server: MailServer { MailServer(host: "127.0.0.1", port: listener.port, security: .none) }

    private static func serve(
        _ connection: LoopbackConnection, _ script: Script, _ commands: Recorder<String>, _ messages: Recorder<String>
    ) {
        func say(_ line: String) { connection.write(line + "\r\n") }
        say(script.greeting)
        var count = 0
        while let command = connection.read(through: "\r\n") {
            commands.append(command)
            let verb = command.split(separator: " ").first.map { $0.uppercased() } ?? ""
            switch verb {
            case "EHLO": say((script.extensions.map { "250-\($0)" } + ["250 HELP"]).joined(separator: "\r\n"))
            case "AUTH": authenticate(connection, command, script, commands)
            case "MAIL": say(script.mail)
            case "RCPT":
                let address = command.drop { $0 != "<" }.dropFirst().prefix { $0 != ">" }
                let answer = script.recipients[String(address)] ?? "250 2.1.5 ok"
                guard !answer.isEmpty else {
                    _ = connection.waitForClose()
                    return
                }
                say(answer)
            case "DATA":
                say(script.data)
                guard script.data.hasPrefix("354") else { continue }
                if let cutAfter = script.cutAfter {
                    _ = connection.readBytes(cutAfter)
                    connection.resetOnClose()
                    return
                }
                guard let message = connection.read(through: "\r\n.\r\n") else { return }
                messages.append(message + "\r\n")
                count += 1
                switch script.afterMessage {
                case .reply(let reply): say(reply)
                case .cut: return
                case .stall: _ = connection.waitForClose()
                }
                if count == script.lastMessage {
                    if let farewell = script.farewell { say(farewell) }
                    return
                }
            case "QUIT":
                say("221 Bye")
                return
            default: say("250 2.0.0 ok")
            }
        }
    }

    private static func authenticate(
        _ connection: LoopbackConnection, _ command: String, _ script: Script, _ commands: Recorder<String>
    ) {
        connection.write("334 \r\n")
        guard let answer = connection.read(through: "\r\n") else { return }
        let text = Data(base64Encoded: answer).map { String(decoding: $0, as: UTF8.self) } ?? ""
        commands.append(text)
        if command == "AUTH PLAIN" || text.contains("auth=Bearer \(script.token)\u{1}") {
            connection.write("235 2.7.0 welcome\r\n")
            return
        }
        let reason = Data(#"{"status":"401","schemes":"bearer"}"#.utf8).base64EncodedString()
        connection.write("334 \(reason)\r\n")
        _ = connection.read(through: "\r\n")
        connection.write("535 5.7.3 Authentication unsuccessful\r\n")
    }
}
