using System.CommandLine;
using System.Text.Json;
using ActorSock.Cli.Commands.Storing;
using ActorSock.Client.Native;

namespace ActorSock.Cli.Tests;

/// <summary>A node without space refuses the first files, and it is not worth the wait to try the others.</summary>
public sealed class UntriedFilesTests : IDisposable
{
    private const int FilesCount = 100;

    private readonly string _folder = Directory.CreateTempSubdirectory("as-cli-").FullName;
    private readonly StringWriter _output = new(), _error = new();

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task Put_tells_of_each()
    {
        using var node = new RefusingNode();
        string[] files = [.. Enumerable.Range(0, FilesCount).Select(i => Path.Combine(_folder, $"f{i}"))];
        foreach (var file in files) File.WriteAllText(file, "x");

        var code = await new SendRun(new PutOptions(), isForPrograms: true, Console()) { Retry = RetryOptions.None }
            .RunAsync(new NodeTarget(node.Address, null), files, null, CancellationToken.None);

        code.ShouldBe(ExitCode.Failed);
        EachIsTold("refused");
    }

    [Fact]
    public async Task Get_tells_of_each()
    {
        using var node = new RefusingNode();

        var code = await new FetchRun(_folder, null, isForPrograms: true, Console()) { Retry = RetryOptions.None }
            .RunAsync(new NodeTarget(node.Address, null), [.. Enumerable.Range(0, FilesCount).Select(i => $"f{i}")], CancellationToken.None);

        code.ShouldBe(ExitCode.Failed);
        EachIsTold("failed");
    }

    private void EachIsTold(string first)
    {
        var outcomes = _output.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Select(line => JsonDocument.Parse(line).RootElement.GetProperty("outcome").GetString()).ToList();
        outcomes.Count.ShouldBe(FilesCount);
        outcomes[0].ShouldBe(first);
        outcomes.Distinct().ShouldBe([first, "not tried"]);
        _error.ToString().ShouldContain($"{outcomes.Count(each => each == "not tried")} more were not tried after that");
    }

    private InvocationConfiguration Console() => new() { Output = _output, Error = _error };
}
