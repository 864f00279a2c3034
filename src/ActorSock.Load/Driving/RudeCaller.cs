using System.Net.Sockets;
using ActorSock.Load.Scenarios;
using ActorSock.Wire;

namespace ActorSock.Load.Driving;

/// <summary>A client that misbehaves, in one way after the other.</summary>
internal sealed class RudeCaller(Driver driver, int number) : Caller(driver, number)
{
    private const int BodyBytes = 64 << 10;
    private const int GarbageBytes = 1024;
    private const ulong Draw = 0xBAD;

    private static readonly TimeSpan s_pause = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan s_beforeReset = TimeSpan.FromMilliseconds(10);
    private static readonly TimeSpan s_betweenBytes = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan s_hold = TimeSpan.FromSeconds(5);

    private int _tries;
    private int _dripped;

    protected override bool HasUnsent => false;

    protected override bool WantsToBeOpen => Driver.WantsRude;

    private RudeKind Kind => Driver.Scenario.RudeKinds[(Number + _tries) % Driver.Scenario.RudeKinds.Count];

    public override void Look() { }

    protected override void Opened()
    {
        Driver.RudeTried(Words.Of(Kind));
        _dripped = 0;
        switch (Kind)
        {
            case RudeKind.Stall:
                Send(HalfAnUpload());
                Driver.WakeAfter(this, s_hold);
                break;
            case RudeKind.Reset:
                Send(HalfAnUpload());
                Driver.WakeAfter(this, s_beforeReset);
                break;
            case RudeKind.HalfClose:
                Send(HalfAnUpload());
                if (EndSending()) Driver.WakeAfter(this, s_hold);
                else Ended(null);
                break;
            case RudeKind.Garbage:
                Send(Garbage());
                Driver.WakeAfter(this, s_hold);
                break;
            case RudeKind.SlowLoris:
                Drip();
                break;
        }
    }

    // What it could not send it does not send: it is rude.
    protected override void Write() { }

    protected override void Heard(ReadOnlySpan<byte> bytes) { }

    protected override void Ended(SocketError? error)
    {
        Driver.RudeEnded(Words.Of(Kind));
        GoOn();
    }

    protected override void Woken()
    {
        if (Kind == RudeKind.SlowLoris) Drip();
        else GoOn();
    }

    private void GoOn()
    {
        Close(abruptly: Kind is RudeKind.Reset or RudeKind.Stall);
        _tries++;
        OpenLater(s_pause);
    }

    private void Drip()
    {
        var head = Head();
        Send([_dripped < head.Length ? head[_dripped] : (byte)'x']);
        _dripped++;
        Driver.WakeAfter(this, s_betweenBytes);
    }

    private byte[] Head() => HeaderEncoder.Encode(
        new PutHeader(Dialect.DigestAfter, Driver.Bodies.RudeNameOf(Number), BodyBytes, null));

    private byte[] HalfAnUpload() => [.. Head(), .. new byte[BodyBytes / 2]];

    private byte[] Garbage() =>
        [.. Enumerable.Range(0, GarbageBytes).Select(place => (byte)Mix.Of(Draw + (ulong)Number, (ulong)(_tries * GarbageBytes + place)))];
}
