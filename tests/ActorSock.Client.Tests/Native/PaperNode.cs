using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using ActorSock.Wire;
using ActorSock.Wire.Native;

namespace ActorSock.Client.Tests.Native;

/// <summary>Speaks the native protocol on a real socket and keeps its files in memory.</summary>
/// <remarks>It takes one request of a connection after the other, and fails as a test tells it.</remarks>
internal sealed class PaperNode : IAsyncDisposable
{
    private readonly Socket _listener = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
    private readonly ConcurrentQueue<Exception> _broken = new();
    private readonly List<(Func<NativeRequest, bool> Meant, Fault Fault)> _faults = [];
    private readonly Dictionary<Type, int> _counts = [];
    private readonly List<string> _heard = [];
    private readonly HashSet<Socket> _open = [];
    private readonly Task _accepting;
    private long _sequence;

    public PaperNode()
    {
        _listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        _listener.Listen();
        _accepting = AcceptAsync();
    }

    public string Address => $"{_listener.LocalEndPoint}";

    /// <summary>What it has; also what it had before the test.</summary>
    public ConcurrentDictionary<string, PaperFile> Files { get; } = new(StringComparer.Ordinal);

    /// <summary>Uploads by their names.</summary>
    public ConcurrentDictionary<string, PaperUpload> Uploads { get; } = new(StringComparer.Ordinal);

    /// <summary>How many requests of a connection it lets be unanswered.</summary>
    public int RequestsMax { get; init; } = 64;

    /// <summary>What it can do beyond the least.</summary>
    public string[] Capabilities { get; set; } = ["resume", "parts", "folders"];

    /// <summary>How many connections there have been.</summary>
    public int Connections { get; private set; }

    /// <summary>Whether it knows digests without being asked for them.</summary>
    public bool KnowsDigests { get; set; } = true;

    /// <summary>What was asked, in order, without hello: <c>put a.txt 5</c>.</summary>
    public string[] Heard
    {
        get
        {
            lock (_heard) return [.. _heard];
        }
    }

    /// <summary>Lets the next request that is meant fail; faults of the same kind of request are taken in order.</summary>
    public void Fail<T>(Fault fault, Func<T, bool>? meant = null)
        where T : NativeRequest
    {
        lock (_faults) _faults.Add((request => request is T one && (meant?.Invoke(one) ?? true), fault));
    }

    /// <summary>Does something when so many requests of a kind have come in all, before the next.</summary>
    public void When<T>(int behind, Action happens)
        where T : NativeRequest =>
        Fail<T>(new Fault.Event(happens), _ => _counts.GetValueOrDefault(typeof(T)) > behind);

    /// <summary>Ends all connections.</summary>
    public void Cut()
    {
        lock (_open)
            foreach (var peer in _open) peer.Dispose();
    }

    public Fault? Take(NativeRequest request)
    {
        lock (_heard) _heard.Add(Tell(request));
        lock (_faults)
        {
            _counts[request.GetType()] = _counts.GetValueOrDefault(request.GetType()) + 1;
            while (true)
            {
                var at = _faults.FindIndex(each => each.Meant(request));
                if (at < 0) return null;
                var fault = _faults[at].Fault;
                _faults.RemoveAt(at);
                if (fault is not Fault.Event(var happens)) return fault;
                happens();
            }
        }
    }

    public Receipt NextReceipt() => new(Interlocked.Increment(ref _sequence), "ab");

    public async ValueTask DisposeAsync()
    {
        _listener.Dispose();
        await _accepting;
        _broken.ShouldBeEmpty();
    }

    private static string Tell(NativeRequest request) => request switch
    {
        NativeRequest.Put { IsPart: true } part => $"part {part.Name} {part.Offset}+{part.Body}",
        NativeRequest.Put put => $"put {put.Name} {put.Offset}+{put.Body}",
        NativeRequest.Resume resume => $"resume {resume.Name}",
        NativeRequest.Join join => $"join {join.Name}",
        NativeRequest.Get get => $"get {get.Name} {get.Offset}",
        NativeRequest.Stat stat => $"stat {stat.Name}",
        NativeRequest.List list => $"list {list.Prefix} {list.After}",
        NativeRequest.Folders folders => $"folders {folders.Prefix} {folders.After}",
        NativeRequest.Delete delete => $"delete {delete.Name}",
        NativeRequest.Rename rename => $"rename {rename.Name} {rename.To}",
        NativeRequest.Refused refused => $"refused {refused.Refusal}",
        _ => request.GetType().Name,
    };

    private async Task AcceptAsync()
    {
        var conversations = new List<Task>();
        try
        {
            while (true) conversations.Add(ConverseAsync(await _listener.AcceptAsync()));
        }
        catch (Exception closed) when (closed is SocketException or ObjectDisposedException)
        {
            Cut();
        }
        await Task.WhenAll(conversations);
    }

    private async Task ConverseAsync(Socket peer)
    {
        Connections++;
        lock (_open) _open.Add(peer);
        try
        {
            await new PaperConversation(this, peer).RunAsync();
        }
        catch (Exception gone) when (gone is SocketException or ObjectDisposedException or EndOfStreamException)
        {
            // The client went away, or the test wanted it so.
        }
        catch (Exception broken)
        {
            _broken.Enqueue(broken);
        }
        lock (_open) _open.Remove(peer);
        peer.Dispose();
    }
}

/// <summary>A file of a <see cref="PaperNode"/>.</summary>
internal sealed record PaperFile(byte[] Content, DateTimeOffset Modified)
{
    public static PaperFile Of(byte[] content) => new(content, new DateTimeOffset(2026, 11, 21, 9, 30, 5, TimeSpan.Zero));

    public Md5Digest Md5 { get; } = Md5Digest.FromBytes(System.Security.Cryptography.MD5.HashData(Content));
}

/// <summary>What a <see cref="PaperNode"/> has of an upload.</summary>
internal sealed class PaperUpload
{
    public List<byte> Bytes { get; } = [];

    public SortedDictionary<long, byte[]> Parts { get; } = [];

    public NativeReply? Stored { get; set; }
}
