import Testing

@testable import IntegrationBridge

@Suite("ResolverMachine: what explains that nothing is finished")
struct ResolverMachineHeldUpTests {
    typealias Machine = MachineSupport.Machine

    private let start = MonotonicInstant.now

    private func nextCall(_ machine: inout Machine, _ now: MonotonicInstant) throws -> Machine.Call {
        let call = machine.nextCall(now: now)
        return try #require(call)
    }

    private func isHeldUp(_ machine: inout Machine, _ now: MonotonicInstant) -> Bool {
        machine.isHeldUp(now: now)
    }

    @Test("While the quota leaves no call, what is ready is held up though no door is closed, until a call may go")
    func quota() throws {
        var machine = MachineSupport.machine(now: start)
        #expect(!isHeldUp(&machine, start))
        _ = machine.ask("a", now: start)
        #expect(!isHeldUp(&machine, start), "a call may go")
        let call = try nextCall(&machine, start)
        let budget = BudgetReport(limit: 10, remaining: 0, reset: .seconds(60))
        _ = machine.finish(call, .resolved("A", bytes: 1), budget: budget, now: start)
        #expect(!isHeldUp(&machine, start), "nothing is there to call for")
        _ = machine.ask("b", now: start)
        #expect(machine.doors.closed(at: start) == nil)
        #expect(machine.nextCall(now: start) == nil)
        #expect(isHeldUp(&machine, start))
        let late = start + .seconds(59)
        #expect(machine.nextCall(now: late) == nil)
        #expect(isHeldUp(&machine, late))

        var now = late
        for _ in 0..<100 where isHeldUp(&machine, now) {
            let due = machine.nextDue(now: now)
            now = try #require(due)
            machine.tick(now: now)
        }
        #expect(!isHeldUp(&machine, now))
        #expect(try nextCall(&machine, now).text == "b")
        #expect(!isHeldUp(&machine, now))
    }

    @Test("A closed door holds up; calls under way and waits between attempts do not")
    func doors() throws {
        var machine = MachineSupport.machine(now: start)
        machine.fill("x", now: start)
        for id in ["a", "b"] { _ = machine.ask(id, now: start) }
        let first = try nextCall(&machine, start)
        let second = try nextCall(&machine, start)
        #expect(!isHeldUp(&machine, start))
        _ = machine.finish(first, .retry("503", answered: true), now: start)
        #expect(!isHeldUp(&machine, start))
        _ = machine.finish(second, .rateLimited(retryAfter: .seconds(60)), now: start)
        #expect(isHeldUp(&machine, start))
    }
}
