using System.Diagnostics;
using System.Text;
using ActorSock.Client;
using ActorSock.Events;
using ActorSock.Testing;
using ActorSock.Wire.Text;

namespace ActorSock.Tests.Commands;

/// <summary>A node that runs a few programs, one of them a shell: what an operator should not list, and a test needs.</summary>
internal sealed class CommandNode : IAsyncDisposable
{
    private const string Allowed = """
        {
          ls { program = /bin/ls, patterns = ["-[al]+", "/[a-z/]*"] }
          pwd { program = /bin/pwd, folder = / }
          echo { program = /bin/echo, arguments = ["-n"], patterns = "(?s).*", arguments-max = 9 }
          cat { program = /bin/cat }
          env { program = /usr/bin/env, environment = ["A=b"] }
          yes { program = /usr/bin/yes, output-bytes-max = 100000B }
          sh { program = /bin/sh, arguments = ["-c"], patterns = "(?s).*" }
          soon { program = /bin/sh, arguments = ["-c"], patterns = "(?s).*", time-limit = 300ms }
        }
        """;

    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(30);

    private readonly List<int> _processes = [];

    private CommandNode(TestNode node) => Node = node;

    public TestNode Node { get; }

    public int Port => Node.PortOf("commands");

    public static async Task<CommandNode> Start(params string[] overrides) => new(await TestNode.Start(
        [.. TestNode.On("commands"), "actorsock.commands.defaults.time-limit=20s", $"actorsock.commands.allowed={Allowed}", .. overrides]));

    public Task<CommandConnection> Connect() => CommandConnection.ConnectAsync($"127.0.0.1:{Port}");

    /// <summary>Runs one command on a connection of its own.</summary>
    public async Task<Answer> Run(params string[] words)
    {
        await using var connection = await Connect();
        return await Run(connection, words);
    }

    public static async Task<Answer> Run(CommandConnection connection, params string[] words)
    {
        using var output = new MemoryStream();
        using var error = new MemoryStream();
        using var patience = new CancellationTokenSource(s_patience);
        var reply = await connection.RunAsync(words, output, error, patience.Token);
        return new Answer(reply, output.ToArray(), error.ToArray());
    }

    internal sealed record Answer(RunReply Reply, byte[] OutputBytes, byte[] ErrorBytes)
    {
        public string Output => Encoding.UTF8.GetString(OutputBytes);

        public string Error => Encoding.UTF8.GetString(ErrorBytes);
    }

    /// <summary>A file of the test.</summary>
    public string PathOf(string name) => Path.Combine(Node.Folder, name);

    /// <summary>Waits for a process id that a program writes to a file.</summary>
    public async Task<int> ProcessIn(string name)
    {
        var process = 0;
        await Until(() => File.Exists(PathOf(name)) && int.TryParse(File.ReadAllText(PathOf(name)), out process), $"no process id in {name}");
        _processes.Add(process);
        return process;
    }

    public static Task UntilGone(int process) => Until(() => !IsAlive(process), $"process {process} lives");

    public static bool IsAlive(int process)
    {
        try
        {
            var status = File.ReadAllText($"/proc/{process}/stat");
            return status[(status.LastIndexOf(')') + 2)..][0] != 'Z'; // ended, and only not looked after by who adopted it
        }
        catch (IOException)
        {
            return false;
        }
    }

    public async Task<ServerEvent.CommandRan> Ran() => await Node.Events.Until<ServerEvent.CommandRan>();

    public static async Task Until(Func<bool> holds, string otherwise)
    {
        for (var patience = Stopwatch.StartNew(); !holds(); await Task.Delay(5))
            if (patience.Elapsed > s_patience)
                throw new TimeoutException(otherwise);
    }

    /// <summary>Ends the node, and says whether anything was left of what it held for commands.</summary>
    public async ValueTask DisposeAsync()
    {
        await Node.DisposeAsync();
        var parts = Node.Node.Parts;
        parts.RunPlaces.TakenCount.ShouldBe(0);
        parts.RunPlaces.WaitingCount.ShouldBe(0);
        parts.LongRequests.BytesTaken.ShouldBe(0);
        parts.Answers.BytesTaken.ShouldBe(0);
        parts.Unsent.BytesTaken.ShouldBe(0);
        foreach (var process in _processes.Where(IsAlive))
            Process.GetProcessById(process).Kill();
    }
}
