namespace ActorSock.EndToEnd.Tests.Storing;

/// <summary>A standard output that takes nothing: <c>/dev/full</c> is a disk without space.</summary>
public sealed class FullOutputTests : Commands
{
    [LinuxTheory]
    [InlineData("put here/a")]
    [InlineData("put here --json")]
    [InlineData("get b --out back")]
    [InlineData("ls")]
    [InlineData("stat b")]
    [InlineData("rm b")]
    [InlineData("mv b c")]
    [InlineData("sync here")]
    public async Task Results_that_cannot_be_written_are_a_failure_that_is_told(string command)
    {
        await using var node = await RunningNode.Start();
        Write("here/a", [1]);
        Write("b", [2]);
        await Run(node, "put", "b");

        var ended = await Executable.RunProgram("/bin/sh", Folder, "",
            "-c", $"\"$0\" {command} --to 127.0.0.1:{node.Port} > /dev/full", Executable.Path);

        (ended.ExitCode, ended.Error).ShouldBe((1, "cannot write the results: No space left on device\n"), ended.Error);
    }
}
