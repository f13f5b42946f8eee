package import ReportAPI

/// Which stage waits for which.
package struct StageGraph: Sendable {
    /// The names that each stage depends on, in the pipeline's order of stages.
    package let dependencies: [[String]]
    package let names: [String]

    package init(_ stages: [StageSpec]) {
        names = stages.map(\.name)
        dependencies = stages.indices.map { index in
            if let dependsOn = stages[index].dependsOn { return dependsOn }
            return index > 0 ? [stages[index - 1].name] : []
        }
    }

    /// A cycle's stages, the first one repeated at its end; nil when there is none.
    package var cycle: [String]? {
        enum Mark { case open, closed }
        var marks: [String: Mark] = [:]
        let needs = Dictionary(zip(names, dependencies)) { first, _ in first }

        func visit(_ name: String, path: [String]) -> [String]? {
            switch marks[name] {
            case .closed: return nil
            case .open: return path.drop { $0 != name } + [name]
            case nil: break
            }
            marks[name] = .open
            for next in needs[name] ?? [] {
                if let found = visit(next, path: path + [name]) { return found }
            }
            marks[name] = .closed
            return nil
        }

        for name in names {
            if let found = visit(name, path: []) { return found }
        }
        return nil
    }

    /// Every stage that can't run without one of `failed`.
    package func dependents(of failed: Set<String>) -> Set<String> {
        var reached = failed
        var grew = true
        while grew {
            grew = false
            for (name, needs) in zip(names, dependencies)
            where !reached.contains(name) && needs.contains(where: reached.contains) {
                reached.insert(name)
                grew = true
            }
        }
        return reached.subtracting(failed)
    }
}
