using System.Net;
using System.Net.Sockets;
using ActorSock.Connections;
using ActorSock.Tests.Lanes;

namespace ActorSock.Tests.Connections;

/// <summary>Whoever waits for bytes is woken, however closely these follow each other.</summary>
public sealed class ReadWaitTests : TestKit
{
    private const int Rounds = 20_000;

    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(20);

    public static TheoryData<string> Kinds => OperatingSystem.IsLinux() ? ["epoll", "zero bytes"] : ["zero bytes"];

    [Theory, MemberData(nameof(Kinds))]
    public async Task No_wake_up_is_lost_and_no_byte(string kind)
    {
        var (link, peer) = await Connected(kind);
        var reader = new Reader(this, link);
        using var caughtUp = new SemaphoreSlim(0);

        var writing = OnThread(() =>
        {
            var random = new Random(1);
            var sent = 0L;
            for (var round = 0; round < Rounds; round++)
            {
                for (var pieces = random.Next(1, 4); pieces > 0; pieces--)
                {
                    sent += Send(peer, sent, random.Next(1, 300));
                    Thread.SpinWait(random.Next(200));
                }
                if (round % 2 == 0) // the reader has come to wait, or is about to
                    SpinWait.SpinUntil(() => Volatile.Read(ref reader.Got) >= sent, s_patience).ShouldBeTrue("the reader sleeps");
            }
            peer.Shutdown(SocketShutdown.Send);
            return sent;
        });
        await OnThread(() => reader.ReadToEnd(new Random(2), isReplaced: false));

        reader.Got.ShouldBe(await writing);
        reader.Waits.ShouldBeGreaterThan(Rounds / 10);
        link.Dispose();
        peer.Dispose();
    }

    [Theory, MemberData(nameof(Kinds))]
    public async Task A_reader_that_takes_the_place_of_another_is_woken_in_its_place(string kind)
    {
        var (link, peer) = await Connected(kind);
        var reader = new Reader(this, link);

        var writing = OnThread(() =>
        {
            var random = new Random(3);
            var sent = 0L;
            for (var round = 0; round < Rounds; round++)
            {
                sent += Send(peer, sent, random.Next(1, 300));
                Thread.SpinWait(random.Next(500));
                if (round % 2 == 0)
                    SpinWait.SpinUntil(() => Volatile.Read(ref reader.Got) >= sent, s_patience).ShouldBeTrue("the reader sleeps");
            }
            peer.Shutdown(SocketShutdown.Send);
            return sent;
        });
        await OnThread(() => reader.ReadToEnd(new Random(4), isReplaced: true));

        reader.Got.ShouldBe(await writing);
        link.Dispose();
        peer.Dispose();
    }

    [Theory, MemberData(nameof(Kinds))]
    public async Task The_end_is_told_also_when_it_comes_with_the_last_bytes(string kind)
    {
        for (var round = 0; round < 300; round++)
        {
            var (link, peer) = await Connected(kind);
            var reader = new Reader(this, link);
            var random = new Random(round);
            var (pieces, pause, bytes) = (random.Next(0, 3), random.Next(2_000), random.Next(1, 100));

            var reading = OnThread(() => reader.ReadToEnd(new Random(round), isReplaced: false));
            var sent = 0L;
            for (; pieces > 0; pieces--)
                sent += Send(peer, sent, bytes);
            Thread.SpinWait(pause);
            sent += Send(peer, sent, bytes);
            if (round % 2 == 0)
                peer.Shutdown(SocketShutdown.Send);
            else
                peer.Dispose();

            await reading.WaitAsync(s_patience);
            reader.Got.ShouldBe(sent, $"round {round}");
            link.Dispose();
            peer.Dispose();
        }
    }

    [Theory, MemberData(nameof(Kinds))]
    public async Task What_came_before_the_link_is_found(string kind)
    {
        var (socket, peer) = await Pair();
        Send(peer, 0, 100);
        SpinWait.SpinUntil(() => socket.Available == 100, s_patience).ShouldBeTrue();
        var link = Link(kind, socket);
        var reader = new Reader(this, link);

        var reading = OnThread(() => reader.ReadToEnd(new Random(5), isReplaced: false));
        SpinWait.SpinUntil(() => Volatile.Read(ref reader.Got) == 100, s_patience).ShouldBeTrue();
        peer.Dispose();

        await reading.WaitAsync(s_patience);
        link.Dispose();
    }

    [Theory, MemberData(nameof(Kinds))]
    public async Task A_reset_wakes_who_waits(string kind)
    {
        var (link, peer) = await Connected(kind);
        var reader = new Reader(this, link);
        var reading = OnThread(() => reader.ReadToEnd(new Random(6), isReplaced: false));
        SpinWait.SpinUntil(() => Volatile.Read(ref reader.Waits) > 0, s_patience).ShouldBeTrue();

        peer.LingerState = new LingerOption(true, 0);
        peer.Dispose();

        var end = await reading.WaitAsync(s_patience);
        if (kind != "zero bytes") // where a read of zero bytes may take the error, and the next one finds an end
            end.ShouldBe(SocketError.ConnectionReset);
        link.Dispose();
    }

    /// <summary>Reads as a framer does: what is there, then waits, perhaps in the place of one that waited before.</summary>
    private sealed class Reader
    {
        private readonly SocketLink _link;
        private readonly (IActorRef Ear, SemaphoreSlim Woken)[] _ears;

        public long Got;
        public int Waits;

        public Reader(TestKit kit, SocketLink link)
        {
            _link = link;
            _ears = [Ear(kit), Ear(kit)];
        }

        public SocketError ReadToEnd(Random random, bool isReplaced)
        {
            var buffer = new byte[4096];
            while (true)
            {
                var outcome = _link.TryRead(buffer.AsMemory(0, random.Next(1, buffer.Length + 1)));
                if (outcome.IsEnd)
                    return outcome.Error;
                if (outcome.WouldBlock)
                {
                    Wait(isReplaced ? random : null);
                    continue;
                }
                for (var i = 0; i < outcome.Bytes; i++)
                {
                    if (buffer[i] != (byte)(Got + i))
                        throw new InvalidOperationException($"byte {Got + i} is another one");
                }
                Volatile.Write(ref Got, Got + outcome.Bytes);
            }
        }

        private void Wait(Random? replacing)
        {
            Waits++;
            var ear = _ears[Waits % 2];
            _link.WaitReadable(ear.Ear);
            if (replacing is not null && replacing.Next(2) == 0)
            {
                Thread.SpinWait(replacing.Next(300));
                ear = _ears[(Waits + 1) % 2]; // the one before has failed, and its successor has nothing to wait for yet
                _link.WaitReadable(ear.Ear);
            }
            if (!ear.Woken.Wait(s_patience))
                throw new TimeoutException($"nobody was woken after {Got} bytes in {Waits} waits");
        }

        private static (IActorRef, SemaphoreSlim) Ear(TestKit kit)
        {
            var woken = new SemaphoreSlim(0);
            return (kit.Sys.ActorOf(Lanes.Ear.PropsOf([], () => woken.Release())), woken);
        }
    }

    private static int Send(Socket peer, long before, int count)
    {
        Span<byte> bytes = stackalloc byte[count];
        for (var i = 0; i < count; i++)
            bytes[i] = (byte)(before + i);
        for (var rest = bytes; rest.Length > 0;)
            rest = rest[peer.Send(rest)..];
        return count;
    }

    private static async Task<(SocketLink Link, Socket Peer)> Connected(string kind)
    {
        var (socket, peer) = await Pair();
        return (Link(kind, socket), peer);
    }

    private static SocketLink Link(string kind, Socket socket) => new(socket, "c-000001", "test", TimeProvider.System,
        kind == "epoll" ? (s, ended) => new EpollWait(s, ended) : (s, ended) => new ZeroByteWait(s, ended));

    private static async Task<(Socket Socket, Socket Peer)> Pair()
    {
        using var listener = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        listener.Listen();
        var peer = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        await peer.ConnectAsync(listener.LocalEndPoint!);
        return (await listener.AcceptAsync(), peer);
    }

    private static Task<T> OnThread<T>(Func<T> work) =>
        Task.Factory.StartNew(work, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
}
