using ActorSock.Events;
using ActorSock.Testing;
using ActorSock.Tests.Files;

namespace ActorSock.Tests.Commands;

/// <summary>Answers that their clients are slow to take: whom they hold up, and what they may hold.</summary>
public sealed class UntakenAnswerTests
{
    private const int MuchBytes = 12 << 20; // more than sockets hold

    private static readonly string s_note = $"yes: killed: output limit of {MuchBytes} bytes\n";

    [LinuxFact]
    public async Task A_program_that_has_ended_holds_up_nobody_while_its_answer_waits_and_the_answer_comes_whole()
    {
        await using var node = await Start("actorsock.connections.send-deadline=10m");
        using var slow = await WireClient.Connect(node.Port);
        await slow.Send("yes");

        (await node.Run("echo", "next")).Output.ShouldBe("next");

        var held = node.Node.Node.Parts.Answers.BytesTaken;
        held.ShouldBeInRange(1, MuchBytes + (64 << 10));
        var digits = $"{MuchBytes + s_note.Length}";
        (await slow.Read(digits.Length)).ShouldBe(digits);
        var answer = await slow.Read(MuchBytes + s_note.Length);
        answer.ShouldBe(string.Concat(Enumerable.Repeat("y\n", MuchBytes / 2)) + s_note);
        await CommandNode.Until(() => node.Node.Node.Parts.Answers.BytesTaken == 0, "memory is held for an answer that was taken");
    }

    [LinuxFact]
    public async Task Where_there_is_no_memory_for_one_more_answer_it_keeps_its_place_until_it_was_taken()
    {
        await using var node = await Start("actorsock.connections.send-deadline=10m", "actorsock.memory.blocks-max=4MiB");
        using var slow = await WireClient.Connect(node.Port);
        await slow.Send("yes");
        await node.Ran();
        var next = node.Run("echo", "next");
        await CommandNode.Until(() => node.Node.Node.Parts.RunPlaces.WaitingCount == 1, "nobody waits");

        (await slow.Read($"{MuchBytes}".Length + MuchBytes + s_note.Length)).ShouldEndWith(s_note);

        (await next).Output.ShouldBe("next");
    }

    [LinuxFact]
    public async Task Who_does_not_take_the_answer_that_keeps_a_place_is_closed_and_the_place_is_free()
    {
        await using var node = await Start("actorsock.connections.send-deadline=300ms", "actorsock.memory.blocks-max=4MiB");
        using var deaf = await WireClient.Connect(node.Port);
        await deaf.Send("yes");

        (await node.Run("echo", "next")).Output.ShouldBe("next");

        (await node.Node.Events.Until<ServerEvent.ConnectionClosed>(e => e.Connection == "c-000001"))
            .Reason.ShouldBe("an answer was not taken within 0.3 s");
    }

    [LinuxFact]
    public async Task Who_takes_an_answer_byte_by_byte_is_closed_although_it_goes_on()
    {
        await using var node = await Start("actorsock.connections.send-deadline=300ms");
        using var slow = await WireClient.Connect(node.Port);
        await slow.Send("yes");

        var closed = node.Node.Events.Until<ServerEvent.ConnectionClosed>();
        for (; !closed.IsCompleted; await Task.WhenAny(closed, Task.Delay(2)))
            (await slow.Read(1)).Length.ShouldBe(1);

        (await closed).Reason.ShouldBe("an answer was not taken within 0.3 s");
    }

    private static Task<CommandNode> Start(params string[] overrides) => CommandNode.Start(
        ["actorsock.commands.runs-max=1", $"actorsock.commands.allowed.yes.output-bytes-max={MuchBytes}B", .. overrides]);
}
