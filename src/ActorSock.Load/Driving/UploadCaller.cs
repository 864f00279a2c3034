using System.Net.Sockets;
using ActorSock.Load.Bodies;

namespace ActorSock.Load.Driving;

/// <summary>A polite client: sends files, and knows which of them are not answered yet.</summary>
internal abstract class UploadCaller : Caller
{
    private const long TurnBytesMax = 4 << 20;      // then the others have their turn
    private const int CopiedBytesMax = 32 << 10;    // of a body that sendfile can send the rest of

    private readonly Flight[] _flights;
    private readonly Stack<int> _free;
    private readonly Queue<int> _unsent;
    private long _sent; // of the first that is not sent

    protected UploadCaller(Driver driver, int number, int flightsMax) : base(driver, number)
    {
        _flights = new Flight[flightsMax];
        _free = new Stack<int>(Enumerable.Range(0, flightsMax).Reverse());
        _unsent = new Queue<int>(Math.Min(flightsMax, 4));
    }

    /// <summary>Whether another file can be begun now.</summary>
    public bool HasRoom => IsOpen && _free.Count > 0 && WakeAt == long.MaxValue && IsReadyForFiles;

    /// <summary>Since when it has had room.</summary>
    public long RoomSince { get; private set; }

    /// <summary>Whether it is in the driver's line of those who have room.</summary>
    public bool IsInLine { get; set; }

    protected override bool HasUnsent => _unsent.Count > 0;

    /// <summary>Whether the conversation allows another file.</summary>
    protected virtual bool IsReadyForFiles => true;

    private int InFlight => _flights.Length - _free.Count;

    /// <summary>Begins a file; it is sent when the driver calls again.</summary>
    public void Begin(TestFile file, long due, long now)
    {
        var slot = _free.Pop();
        _flights[slot] = new Flight { File = file, Due = due, Begun = now, IsUsed = true };
        _unsent.Enqueue(slot);
        Driver.Began();
    }

    public override void Look()
    {
        if (InFlight == 0) return;
        foreach (ref var flight in _flights.AsSpan())
        {
            if (!flight.IsUsed || Driver.Since(flight.Begun) < Driver.Scenario.Timeout) continue;
            Lose(Trouble.Late);
            return;
        }
    }

    /// <summary>Fails what is under way, and connects anew.</summary>
    public void Lose(string kind)
    {
        if (InFlight == 0) Driver.Failed(kind);
        for (var slot = 0; slot < _flights.Length; slot++)
        {
            if (!_flights[slot].IsUsed) continue;
            Driver.Unanswered(kind, _flights[slot]);
            End(ref _flights[slot], slot);
        }
        _unsent.Clear();
        _sent = 0;
        Close();
        OpenLater();
    }

    protected ref readonly Flight FlightIn(int slot) => ref _flights[slot];

    protected bool IsUsed(int slot) => (uint)slot < (uint)_flights.Length && _flights[slot].IsUsed;

    /// <summary>Writes what is sent in front of a body.</summary>
    protected abstract byte[] Head(int slot);

    /// <summary>Head and body are sent.</summary>
    protected abstract void BodySent(int slot);

    /// <summary>The node has it.</summary>
    protected void Acknowledge(int slot)
    {
        ref var flight = ref _flights[slot];
        Driver.Acknowledged(flight);
        End(ref flight, slot);
    }

    /// <summary>The node has refused it.</summary>
    protected void Fail(int slot, string kind)
    {
        Driver.Failed(kind);
        End(ref _flights[slot], slot);
    }

    /// <summary>Another file can be begun, after the time to think.</summary>
    protected void MakeRoom()
    {
        RoomSince = Driver.Now;
        if (Driver.ThinkTime > TimeSpan.Zero && IsOpen) Driver.WakeAfter(this, Driver.ThinkTime);
        else Driver.HasRoom(this);
    }

    protected override void Woken()
    {
        RoomSince = Driver.Now;
        Driver.HasRoom(this);
    }

    protected override void Ended(SocketError? error) => Lose(Trouble.Of(error));

    protected override void Write()
    {
        for (var turn = 0L; _unsent.TryPeek(out var slot);)
        {
            if (turn > TurnBytesMax)
            {
                Driver.CallAgain(this);
                return;
            }
            var sent = SendSome(ref _flights[slot]);
            if (sent == 0) return;
            if (sent < 0)
            {
                SendFailed();
                return;
            }
            turn += sent;
            Advance(sent);
        }
    }

    /// <summary>The connection is broken for sending: what the node has said about it may still be there to be read.</summary>
    protected void SendFailed()
    {
        IsEnding = true;
        Ready();
        if (IsOpen && HasUnsent) Lose(Trouble.Reset);
    }

    private long SendSome(ref Flight first)
    {
        var inkLeft = first.HeadBytes + first.File.InkBytes - _sent;
        if (Driver.Bodies.InkFile is { } ink && first.HeadBytes > 0 && _sent >= first.HeadBytes && inkLeft > 0
            && first.File.InkBytes > CopiedBytesMax)
        {
            var (at, count) = Driver.Bodies.InFile(first.File, _sent - first.HeadBytes);
            return ZeroCopy.Send(Socket!, ink, at, count);
        }
        return Send(Driver.Outgoing.AsSpan(0, Fill(Driver.Outgoing)));
    }

    /// <summary>Puts as many files one behind the other as there is room for: one call sends them all.</summary>
    private int Fill(Span<byte> room)
    {
        var (filled, skip) = (0, _sent);
        foreach (var slot in _unsent)
        {
            ref var flight = ref _flights[slot];
            if (skip < flight.HeadBytes || flight.HeadBytes == 0)
            {
                var head = Head(slot).AsSpan();
                flight.HeadBytes = head.Length;
                head = head[(int)skip..];
                if (head.Length > room.Length - filled) break;
                head.CopyTo(room[filled..]);
                filled += head.Length;
                skip = flight.HeadBytes;
            }
            var isLarge = Driver.Bodies.InkFile is not null && flight.File.InkBytes > CopiedBytesMax;
            var here = room[filled..];
            if (isLarge && here.Length > CopiedBytesMax) here = here[..CopiedBytesMax];
            var offset = skip - flight.HeadBytes;
            var copied = Driver.Bodies.Copy(flight.File, offset, here);
            filled += copied;
            if (offset + copied < flight.File.Size) break;
            skip = 0;
        }
        return filled;
    }

    private void Advance(long sent)
    {
        while (sent > 0)
        {
            var slot = _unsent.Peek();
            ref var flight = ref _flights[slot];
            var taken = Math.Min(sent, flight.TotalBytes - _sent);
            _sent += taken;
            sent -= taken;
            if (_sent < flight.TotalBytes) return;
            _unsent.Dequeue();
            _sent = 0;
            BodySent(slot);
        }
    }

    private void End(ref Flight flight, int slot)
    {
        flight.IsUsed = false;
        _free.Push(slot);
        Driver.Ended();
    }
}
