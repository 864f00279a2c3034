using ActorSock.Access;
using ActorSock.Blocks;
using ActorSock.Events;
using ActorSock.Files;
using ActorSock.Settings;

namespace ActorSock.Testing;

/// <summary>A node on a port that the system chose, with a root of its own that goes away with it.</summary>
internal sealed class TestNode : IAsyncDisposable
{
    private readonly bool _ownsFolder;

    private TestNode(ServerNode node, RecordedEvents events, string folder, bool ownsFolder)
    {
        (Node, Events, Folder, _ownsFolder) = (node, events, folder, ownsFolder);
        Port = ((Endpoint.Tcp)node.Listeners.First(l => l.Name == "transfer").Endpoint).Port;
    }

    public ServerNode Node { get; }

    public RecordedEvents Events { get; }

    public string Folder { get; }

    public string Root => Path.Combine(Folder, "inbox");

    public int Port { get; }

    /// <summary>Starts a node with the reference settings and these on top, each <c>key=value</c>.</summary>
    public static Task<TestNode> Start(params string[] overrides) => Start(null, null, overrides);

    /// <param name="folder">an existing folder of a node before; it is not removed</param>
    /// <param name="store">puts a double around the real store</param>
    /// <param name="overrides">settings, each <c>key=value</c></param>
    public static async Task<TestNode> Start(string? folder, Func<IFileStore, IFileStore>? store, params string[] overrides)
    {
        var home = folder ?? Directory.CreateTempSubdirectory("as-").FullName;
        var loaded = SettingsLoader.Load(new SettingsSources
        {
            WorkingFolder = home,
            Root = Path.Combine(home, "inbox"),
            Overrides =
            [
                .. Only("transfer"), "actorsock.journal.log-bytes=256KiB", "actorsock.memory.track-blocks=on",
                .. overrides,
            ],
        });
        var events = new RecordedEvents();
        var files = FileRoot.Open(loaded.Settings.Files, TimeProvider.System);
        var parts = new NodeParts(loaded.Settings, store is null ? files : store(files),
            BlockPool.Of(loaded.Settings.Memory, TimeProvider.System), TimeProvider.System)
        {
            Keys = AccessKeys.Of(loaded.Settings),
        };
        foreach (var happened in parts.Journal.Prepare(parts.Files, loaded.Settings).Events(parts.Now))
            events.On(happened);
        parts.Uploads.Prepare(parts.Files.Uploads);
        files.Recover();
        var node = await ServerNode.Start(parts, loaded.EngineHocon, [events]);
        events.Follow(node);
        return new TestNode(node, events, home, folder is null);
    }

    public Task<WireClient> Connect() => WireClient.Connect(Port);

    /// <summary>The port of a listener, by its name in the tree.</summary>
    public int PortOf(string listener) => Node.Listeners.First(l => l.Name == listener).Endpoint switch
    {
        Endpoint.Tcp tcp => tcp.Port,
        Endpoint.Udp udp => udp.Port,
        _ => throw new ArgumentException($"{listener} has no port", nameof(listener)),
    };

    /// <summary>Settings that give a service a port, for each way in which it can be spoken to.</summary>
    public static string[] On(string service) =>
        [.. Endpoints.Where(key => key.StartsWith(service, StringComparison.Ordinal)).Select(key => $"actorsock.{key}=127.0.0.1:0")];

    /// <summary>The same, with all others off.</summary>
    private static string[] Only(string service) => [.. Endpoints.Select(key => $"actorsock.{key}=off"), .. On(service)];

    private static readonly string[] Endpoints =
    [
        "transfer.endpoint", "title.endpoint", "title.udp-endpoint", "greeter.endpoint", "greeter.udp-endpoint",
        "chat.endpoint", "chat.udp-endpoint", "commands.endpoint",
    ];

    /// <summary>What is stored under the root, by name; the node's own folder is not.</summary>
    public IReadOnlyDictionary<string, byte[]> Stored() => Directory.EnumerateFiles(Root, "*", SearchOption.AllDirectories)
        .Select(path => (Path: path, Name: Path.GetRelativePath(Root, path).Replace('\\', '/')))
        .Where(file => !file.Name.StartsWith(".actorsock", StringComparison.Ordinal))
        .ToDictionary(file => file.Name, file => File.ReadAllBytes(file.Path));

    /// <summary>Part files that lie in the staging folder now.</summary>
    public string[] Parts() => Directory.GetFiles(Path.Combine(Root, ".actorsock", "staging"));

    /// <summary>Ends the node and says whether every block came back.</summary>
    public async ValueTask DisposeAsync()
    {
        await Node.DisposeAsync();
        var blocks = Node.Parts.Blocks;
        if (blocks.BlocksOut != 0)
            throw new InvalidOperationException($"{blocks.BlocksOut} blocks were never returned:\n{string.Join('\n', blocks.Rentals)}");
        if (_ownsFolder)
            Directory.Delete(Folder, recursive: true);
    }
}
