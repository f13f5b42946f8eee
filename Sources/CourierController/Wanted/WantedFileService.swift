import AsyncSupport
import FoundationEssentials
import KubernetesModel
package import Logging
import ReportAPI
import ReportRecords
package import ReportStores
import ServiceLifecycle

/// Answers who waits for a file: with its name once it is there, or with why there is none.
package struct WantedFileService: Service {
    private let wanted: WantedFiles
    private let maker: FileMaker
    private let logger: Logger
    /// How many are worked on at once; those that are found need no process.
    private static let concurrency = 8

    package init(wanted: WantedFiles, maker: FileMaker, logger: Logger) {
        self.wanted = wanted
        self.maker = maker
        self.logger = logger
    }

    package func run() async {
        await cancelWhenGracefulShutdown { await follow() }
    }

    private func follow() async {
        var pauses = Backoff(first: .milliseconds(500), longest: .seconds(60)).delays
        while !Task.isCancelled {
            let begin = ContinuousClock.now
            let turns = Turns(Self.concurrency)
            await withDiscardingTaskGroup { group in
                let end = await Result { () async throws(StoreTrouble) in
                    try await wanted.forEach { file in
                        if file.format == WantedFile.rows {
                            // They take turns of their own, and may take long: nobody's file waits for them.
                            group.addTask { await bringBack(file) }
                            return
                        }
                        guard (try? await turns.take()) != nil else { return }
                        group.addTask {
                            await answer(file)
                            turns.giveBack()
                        }
                    }
                }
                guard case .failure(let trouble) = end, !trouble.isCancelled else { return }
                logger.warning("Can't follow what files are wanted", metadata: ["error": "\(trouble)"])
            }
            if ContinuousClock.now - begin > .seconds(60) { pauses.reset() }
            try? await Task.sleep(for: pauses.next())
        }
    }

    private func answer(_ file: WantedFile) async {
        var answer = file
        guard let format = OutputFormat(rawValue: file.format) else {
            answer.fault = "\"\(file.format.head(bytes: 64))\" is not a format; there are \(OutputFormat.list)"
            return await write(answer)
        }
        do throws(FileTrouble) {
            switch try await maker.wholeFile(of: file.reportID, as: format) {
            case .made(let made): answer.file = made.name
            case .stage(let own):
                answer.file = own.name
                answer.isStageFile = true
            }
        } catch {
            guard !Task.isCancelled else { return }
            // Those who wait get the fault, and ask again.
            answer.fault = "\(error)"
        }
        await write(answer)
    }

    /// Brings a report back from the archive, and says so.
    private func bringBack(_ file: WantedFile) async {
        var answer = file
        if maker.bringsBack {
            answer.takenAt = Date()
            await send(answer)
        }
        do throws(FileTrouble) {
            try await maker.bringBack(file.reportID)
            answer.isAtHand = true
        } catch {
            guard !Task.isCancelled else { return }
            answer.fault = "\(error)"
        }
        await write(answer)
    }

    private func write(_ file: WantedFile) async {
        var file = file
        file.answeredAt = Date()
        if let fault = file.fault {
            logger.notice(
                "What is wanted can't be had",
                metadata: ["report": "\(file.reportID.head(bytes: 64))", "reason": "\(fault)"])
        }
        await send(file)
    }

    private func send(_ file: WantedFile) async {
        do throws(StoreTrouble) { try await wanted.answer(file) } catch {
            logger.warning("Can't answer who waits for a file", metadata: ["error": "\(error)"])
        }
    }
}
