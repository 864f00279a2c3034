using System.Reflection;
using ActorSock.Access;
using ActorSock.Blocks;
using ActorSock.Events;
using ActorSock.Files;
using ActorSock.Journal;
using ActorSock.Listening;
using ActorSock.Settings;
using ActorSock.Supervision;

namespace ActorSock;

/// <summary>A running server node: what a program embeds, and what <c>actorsock serve</c> runs.</summary>
public sealed class ServerNode : IAsyncDisposable
{
    private readonly ActorSystem _system;
    private readonly IActorRef _server;
    private readonly NodeParts _parts;
    private readonly Birth _birth;

    private ServerNode(ActorSystem system, IActorRef server, NodeParts parts, Birth birth)
    {
        (_system, _server, _parts, _birth) = (system, server, parts, birth);
        Completion = Complete();
    }

    /// <summary>The version of this build.</summary>
    public static string Version { get; } =
        typeof(ServerNode).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion.Split('+')[0] ?? "0";

    /// <summary>Each listener by its name in the tree, with the endpoint that it really has.</summary>
    public IReadOnlyList<(string Name, Endpoint Endpoint)> Listeners { get; private set; } = [];

    /// <summary>Ends when the node has stopped; fails when one of its rooms did.</summary>
    public Task Completion { get; }

    /// <summary>
    /// What happens in the node from now on; completed when it has stopped. Observers are told on the thread of whoever feeds
    /// them all, so they do not block: <c>ObserveOn</c> is for those who would. One that throws is told of nothing more.
    /// </summary>
    public IObservable<ServerEvent> Events => _parts.Events;

    internal ActorSystem System => _system;

    internal NodeParts Parts => _parts;

    /// <summary>Looks for what settings name on this machine, and opens nothing: the clients' keys, the owner of Unix sockets.</summary>
    /// <exception cref="IOException">something is not there, or not as it must be</exception>
    public static void Check(NodeSettings settings)
    {
        ArgumentNullException.ThrowIfNull(settings);
        AccessKeys.Of(settings);
        if (settings.Listeners.UnixOwner is { } owner && !OperatingSystem.IsWindows())
            FileOwner.Find(owner);
    }

    /// <summary>Opens the root, recovers it, and listens.</summary>
    /// <param name="settings">how to run</param>
    /// <param name="engineHocon">the actor engine's settings, as HOCON text</param>
    /// <param name="sinks">readers of the node's events</param>
    /// <exception cref="SettingsException">the environment asks for a crash test that there is not</exception>
    /// <exception cref="IOException">the root cannot be used</exception>
    /// <exception cref="BindException">a listener cannot bind</exception>
    public static async Task<ServerNode> Start(NodeSettings settings, string engineHocon, params IReadOnlyList<IEventSink> sinks)
    {
        ArgumentNullException.ThrowIfNull(settings);
        FaultPoints.Check(Environment.GetEnvironmentVariable(FaultPoints.Variable));
        Check(settings);
        var clock = TimeProvider.System;
        var files = FileRoot.Open(settings.Files, clock);
        NodeParts? parts = null;
        try
        {
            parts = new NodeParts(settings, files, BlockPool.Of(settings.Memory, clock), clock) { Keys = AccessKeys.Of(settings) };
            Tell(new ServerEvent.NodeStarted(parts.Now, Version, Path.GetFullPath(settings.Files.Root)));
            foreach (var happened in parts.Journal.Prepare(files, settings).Events(parts.Now))
                Tell(happened);
            var kept = parts.Uploads.Prepare(files.Uploads); // behind the journal, which has given names to some
            if (parts.Keys is { Weak: { Count: > 0 } weak })
                Tell(new ServerEvent.KeysWeak(parts.Now, string.Join(", ", weak)));
            if (ListenerPlan.OpenCommands(settings) is { Length: > 0 } open)
                Tell(new ServerEvent.CommandsOpen(parts.Now, open));
            var recovered = files.Recover(); // after the journal, which had a use for some of the part files
            if (recovered.Removed + recovered.Kept + kept > 0)
                Tell(new ServerEvent.PartsRecovered(parts.Now, recovered.Removed, recovered.Kept + kept, recovered.RemovedBytes));
            return await Start(parts, engineHocon, sinks).ConfigureAwait(false);
        }
        catch
        {
            files.Dispose();
            throw;
        }

        // Before there is an event feed.
        void Tell(ServerEvent happened)
        {
            foreach (var sink in sinks)
                sink.On(happened);
            parts?.Events.On(happened);
        }
    }

    /// <summary>Starts on parts that may be a test's own, with the journal prepared.</summary>
    internal static async Task<ServerNode> Start(NodeParts parts, string engineHocon, IReadOnlyList<IEventSink> sinks)
    {
        var system = ActorSystem.Create("actorsock", ConfigurationFactory.ParseString(engineHocon));
        var birth = new Birth();
        var server = system.ActorOf(ServerSupervisor.PropsOf(parts, sinks, birth), "server");
        var node = new ServerNode(system, server, parts, birth);
        try
        {
            await Task.WhenAny(birth.Listening, node.Completion).ConfigureAwait(false);
            if (!birth.Listening.IsCompleted)
                throw new IOException("the node ended before it listened");
            node.Listeners = await birth.Listening.ConfigureAwait(false);
            return node;
        }
        catch
        {
            await node.Gone().ConfigureAwait(false);
            throw;
        }
    }

    /// <summary>Stops accepting, lets what is in flight finish within the limit of the settings, and stops.</summary>
    /// <param name="reason">why, for the event</param>
    public async Task Drain(string reason)
    {
        _server.Tell(new ServerSupervisor.Drain(reason), ActorRefs.NoSender);
        await Gone().ConfigureAwait(false);
    }

    /// <summary>Stops as <see cref="Drain"/> does, but cuts what is in flight at once, also that of a drain that has begun. What was
    /// acknowledged is stored, as ever.</summary>
    /// <param name="reason">why, for the event</param>
    public async Task Cut(string reason)
    {
        _server.Tell(new ServerSupervisor.Cut(reason), ActorRefs.NoSender);
        await Gone().ConfigureAwait(false);
    }

    /// <summary>The live tree of actors.</summary>
    public Task<TreeNode> Tree() => LiveTree.Walk(_server);

    /// <inheritdoc cref="Drain"/>
    public async ValueTask DisposeAsync() => await Drain("disposed").ConfigureAwait(false);

    private Task Gone() => Completion.ContinueWith(static _ => { }, TaskScheduler.Default);

    private async Task Complete()
    {
        await _server.WatchAsync(_system).ConfigureAwait(false);
        await _system.Terminate().ConfigureAwait(false);
        _parts.Files.Dispose();
        _parts.Blocks.Dispose();
        _parts.Events.Complete();
        if (_birth.Failure is { } failure)
            throw failure;
    }

    /// <summary>Hears of the beginning of the node, and of what goes wrong with it.</summary>
    private sealed class Birth : ServerSupervisor.IWatcher
    {
        private readonly TaskCompletionSource<IReadOnlyList<(string, Endpoint)>> _listening = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Task<IReadOnlyList<(string Name, Endpoint Endpoint)>> Listening => _listening.Task!;

        public Exception? Failure { get; private set; }

        public void Ready(IReadOnlyList<(string Name, Endpoint Endpoint)> listeners) => _listening.TrySetResult(listeners);

        public void CannotStart(Exception cause) => _listening.TrySetException(cause);

        public void Failed(Exception cause)
        {
            Failure = cause;
            _listening.TrySetException(cause);
        }
    }
}
