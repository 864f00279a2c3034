using System.Buffers;
using System.Net;
using System.Net.Sockets;
using ActorSock.Connections;
using ActorSock.Conversations;
using ActorSock.Testing;
using ActorSock.Tests.Commands;
using ActorSock.Tests.Files;
using ActorSock.Wire.Text;

namespace ActorSock.Tests.Conversations;

/// <summary>What a conversation hears of what it says.</summary>
public sealed class SayingTests
{
    private const int Pieces = 400, PieceBytes = 100_000;

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task That_something_was_said_is_heard_behind_the_saying_and_never_within(bool held)
    {
        await using var node = await TestNode.Start();
        using var listener = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        listener.Listen();
        using var client = await WireClient.Connect(((IPEndPoint)listener.LocalEndPoint!).Port);
        var link = new SocketLink(await listener.AcceptAsync(), "c-1", "test", TimeProvider.System);
        var heard = new Heard();
        node.Node.System.ActorOf(Props.Create(() => new Talkative(node.Node.Parts, link, heard, held)));

        await client.Send("go");
        var said = await client.ReadToEnd();

        said.Length.ShouldBe(Pieces * PieceBytes);
        heard.Within.ShouldBe(0);
        heard.Behind.ShouldBeGreaterThan(0);
        node.Node.Parts.Unsent.BytesTaken.ShouldBe(0);
    }

    [LinuxFact]
    public async Task A_peer_that_reads_little_of_what_it_was_sent_is_heard_of()
    {
        await using var node = await TestNode.Start();
        using var listener = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        listener.Listen();
        using var peer = Narrow();
        await peer.ConnectAsync(listener.LocalEndPoint!);
        using var link = new SocketLink(await listener.AcceptAsync(), "c-1", "test", TimeProvider.System);
        var ended = new TaskCompletionSource<SocketError>(TaskCreationOptions.RunContinuationsAsynchronously);
        var owner = node.Node.System.ActorOf(Props.Create(() => new Told(ended)));
        var piece = new byte[64 << 10];
        while (link.Send(piece, owner))
        {
        }

        for (var left = 512 << 10; left > 0 && !ended.Task.IsCompleted;) // less than the third that Linux wants to be gone first
        {
            var read = peer.ReceiveAsync(new byte[Math.Min(left, 16 << 10)]);
            await Task.WhenAny(read, ended.Task);
            left -= read.IsCompleted ? await read : 0;
        }

        (await ended.Task.WaitAsync(TimeSpan.FromSeconds(30))).ShouldBe(SocketError.Success);
        link.BytesTaken.ShouldBeInRange(1, link.BytesOut);
    }

    [LinuxFact]
    public async Task Who_takes_a_long_answer_slowly_but_goes_on_gets_all_of_it()
    {
        const int AnswerBytes = 4 << 20, RoundBytes = 128 << 10;
        await using var node = await TestNode.Start("actorsock.connections.send-deadline=10ms");
        using var listener = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        listener.Listen();
        using var peer = Narrow();
        await peer.ConnectAsync(listener.LocalEndPoint!);
        var link = new SocketLink(await listener.AcceptAsync(), "c-1", "test", TimeProvider.System);
        var clock = new AskedClock();
        var parts = node.Node.Parts with { Clock = clock };
        node.Node.System.ActorOf(Props.Create(() => new OneAnswer(parts, link, AnswerBytes)));
        await peer.SendAsync("go"u8.ToArray());
        await CommandNode.Until(() => clock.Asked >= 2, "nobody asks how late it may become"); // the first time how long it may be silent

        for (var round = 0; round < 4; round++)
        {
            var taken = link.BytesTaken;
            await Read(peer, RoundBytes);
            await CommandNode.Until(() => link.BytesTaken >= taken + RoundBytes / 2, "nothing more was taken");
            clock.Pass(TimeSpan.FromMilliseconds(10));
            await CommandNode.Until(() => clock.Asked >= 2, "nobody asks whether it is late"); // and then how late it may become
        }

        await Read(peer, AnswerBytes - 4 * RoundBytes);
        (await peer.ReceiveAsync(new byte[1])).ShouldBe(0);
    }

    [LinuxFact]
    public async Task Of_what_comes_together_the_thread_that_waits_for_all_sockets_answers_one_read_and_others_the_rest()
    {
        const int Bytes = 3 * ConversationActor.ReadBytesMax;
        await using var node = await TestNode.Start();
        using var listener = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { ReceiveBufferSize = 2 * Bytes };
        listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        listener.Listen();
        using var client = await WireClient.Connect(((IPEndPoint)listener.LocalEndPoint!).Port);
        var accepted = await listener.AcceptAsync();
        var link = new SocketLink(accepted, "c-1", "test", TimeProvider.System);
        using var answers = new HeldUpAnswers();
        node.Node.System.ActorOf(ExchangeActor.PropsOf(node.Node.Parts, link, () => answers));
        await client.Send("a");
        (await client.Read(1)).ShouldBe(".");

        await client.Send("b");
        await answers.Entered;
        await client.Send(new byte[Bytes]);
        await CommandNode.Until(() => accepted.Available == Bytes, "not all has come");
        answers.Go();
        await answers.Answered(2 + Bytes);

        answers.Threads.Skip(2).Count(each => each == "readiness").ShouldBeLessThanOrEqualTo(1);
    }

    private static async Task Read(Socket socket, int bytes)
    {
        var buffer = new byte[bytes];
        for (var got = 0; got < bytes;)
        {
            var read = await socket.ReceiveAsync(buffer.AsMemory(got));
            read.ShouldNotBe(0, $"it ended {bytes - got} bytes too early");
            got += read;
        }
    }

    private static Socket Narrow() => new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { ReceiveBufferSize = 16 << 10 };

    private sealed class Told : ReceiveActor
    {
        public Told(TaskCompletionSource<SocketError> ended) => Receive<SocketLink.SendEnded>(told => ended.TrySetResult(told.Error));
    }

    /// <summary>Holds up the thread of its second answer, and knows which threads asked for one.</summary>
    private sealed class HeldUpAnswers : IExchange, IDisposable
    {
        private readonly TaskCompletionSource _entered = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly ManualResetEventSlim _go = new();
        private readonly List<string?> _threads = [];
        private int _bytes;

        public Task Entered => _entered.Task;

        public string?[] Threads
        {
            get
            {
                lock (_threads)
                    return [.. _threads];
            }
        }

        public void Go() => _go.Set();

        public Task Answered(int bytes) => CommandNode.Until(() => Volatile.Read(ref _bytes) == bytes, "not all was answered");

        public int AnswerBytesMax(int messageBytes) => 1;

        public void Answer(ReadOnlySpan<byte> message, IBufferWriter<byte> answer)
        {
            int count;
            lock (_threads)
            {
                _threads.Add(Thread.CurrentThread.Name);
                count = _threads.Count;
            }
            if (count == 2)
            {
                _entered.SetResult();
                _go.Wait();
            }
            answer.Write("."u8);
            Volatile.Write(ref _bytes, _bytes + message.Length);
        }

        public int AnswerPart(ReadOnlySpan<byte> left, int bytesMax, IBufferWriter<byte> answer) => throw new NotSupportedException();

        public void End(IBufferWriter<byte> answer)
        {
        }

        public void Dispose() => _go.Dispose();
    }

    /// <summary>Stands still, and counts how often it was asked since it was moved.</summary>
    private sealed class AskedClock : TimeProvider
    {
        private readonly Lock _lock = new();
        private long _ticks = TimeSpan.TicksPerDay;
        private int _asked;

        public int Asked => Volatile.Read(ref _asked);

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public override long GetTimestamp()
        {
            lock (_lock)
            {
                _asked++;
                return _ticks;
            }
        }

        public void Pass(TimeSpan time)
        {
            lock (_lock)
                (_ticks, _asked) = (_ticks + time.Ticks, 0);
        }
    }

    /// <summary>Says one thing, a long one.</summary>
    private sealed class OneAnswer(NodeParts parts, SocketLink link, int bytes) : ConversationActor(parts, link)
    {
        protected override void On(ReadOnlySpan<byte> read)
        {
            PauseReading();
            SayHeld(new byte[bytes]);
        }

        protected override void OnSaid() => CloseInOrder("all was said");
    }

    private sealed class Heard
    {
        public int Within, Behind;
    }

    /// <summary>Says more than the socket takes at once, the next whenever the last has gone.</summary>
    private sealed class Talkative(NodeParts parts, SocketLink link, Heard heard, bool held) : ConversationActor(parts, link)
    {
        private readonly byte[] _piece = new byte[PieceBytes];
        private int _left = Pieces;
        private bool _says;

        protected override void On(ReadOnlySpan<byte> read)
        {
            PauseReading();
            GoOn();
        }

        protected override void OnSaid()
        {
            if (_says)
                heard.Within++;
            else
                heard.Behind++;
            GoOn();
        }

        private void GoOn()
        {
            while (_left > 0 && !IsSaying)
            {
                _left--;
                _says = true;
                if (held)
                    SayHeld(_piece);
                else
                    Say(_piece);
                _says = false;
            }
            if (_left == 0 && !IsSaying)
                CloseInOrder("all was said");
        }
    }
}
