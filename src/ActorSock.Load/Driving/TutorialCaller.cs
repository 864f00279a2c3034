using System.Net.Sockets;
using System.Text;
using ActorSock.Load.Bodies;
using ActorSock.Load.Scenarios;
using ActorSock.Wire;

namespace ActorSock.Load.Driving;

/// <summary>Speaks the two dialects of the course that carry a digest: one file after the other.</summary>
/// <remarks>It waits for OK before it sends the digits, as the clients of the course do, though WIRE.md demands it of nobody.</remarks>
internal sealed class TutorialCaller(Driver driver, int number) : UploadCaller(driver, number, flightsMax: 1)
{
    private enum Step { Free, Sending, AwaitingOk, AwaitingVerdict, HearingTheEnd }

    private const int Slot = 0;
    private const int LineBytesMax = 512; // WIRE.md, "The closing line"
    private const int VerdictBytes = 3;
    private const int StoredCode = 203;

    private readonly byte[] _said = new byte[VerdictBytes];
    private int _saidCount;
    private StringBuilder? _line;
    private byte[]? _digitsLeft;
    private Step _step;

    protected override bool HasUnsent => base.HasUnsent || _digitsLeft is not null;

    protected override bool IsReadyForFiles => _step == Step.Free;

    protected override void Opened()
    {
        (_step, _saidCount, _line, _digitsLeft) = (Step.Free, 0, null, null);
        MakeRoom();
    }

    protected override byte[] Head(int slot)
    {
        _step = Step.Sending;
        var file = FlightIn(slot).File;
        var name = Driver.Bodies.NameOf(file.Number);
        return HeaderEncoder.Encode(Driver.Scenario.Dialect == LoadDialect.DigestInHeader
            ? new PutHeader(Dialect.DigestInHeader, name, file.Size, Driver.Bodies.DigestOf(file))
            : new PutHeader(Dialect.DigestAfter, name, file.Size, null));
    }

    protected override void BodySent(int slot) =>
        _step = Driver.Scenario.Dialect == LoadDialect.DigestInHeader ? Step.AwaitingVerdict : Step.AwaitingOk;

    protected override void Write()
    {
        if (_digitsLeft is null) base.Write();
        else SendDigits(_digitsLeft);
    }

    protected override void Heard(ReadOnlySpan<byte> bytes)
    {
        for (var at = 0; at < bytes.Length && IsOpen; at++)
        {
            switch (_step)
            {
                case Step.AwaitingOk:
                    HearOk(bytes[at]);
                    break;
                case Step.AwaitingVerdict:
                    HearVerdict(bytes[at], isLast: at + 1 == bytes.Length || bytes[at + 1] != ' ');
                    break;
                default:
                    HearTheEnd(bytes[at]);
                    break;
            }
        }
    }

    protected override void Ended(SocketError? error) =>
        Lose(_line is null ? Trouble.Of(error) : Trouble.OfLine(_line.ToString()));

    private void HearOk(byte said)
    {
        _said[_saidCount++] = said;
        if (_saidCount == 1 && said == 'O') return;
        if (_saidCount == 2 && said == 'K')
        {
            (_saidCount, _step) = (0, Step.AwaitingVerdict);
            Span<byte> digits = stackalloc byte[Md5Digest.HexDigitsCount];
            Driver.Bodies.DigestOf(FlightIn(Slot).File).WriteHex(digits);
            SendDigits(digits);
        }
        else HearTheEndFromHere();
    }

    private void HearVerdict(byte said, bool isLast)
    {
        _said[_saidCount++] = said;
        if (!char.IsAsciiDigit((char)said) || _saidCount == VerdictBytes && !isLast)
        {
            HearTheEndFromHere();
            return;
        }
        if (_saidCount < VerdictBytes) return;
        var code = (_said[0] - '0') * 100 + (_said[1] - '0') * 10 + _said[2] - '0';
        (_saidCount, _step) = (0, Step.Free);
        if (code == StoredCode) Acknowledge(Slot);
        else Fail(Slot, Trouble.Of(code));
        MakeRoom();
    }

    private void HearTheEndFromHere()
    {
        var said = _said.AsSpan(0, _saidCount);
        _saidCount = 0;
        foreach (var each in said) HearTheEnd(each);
    }

    private void HearTheEnd(byte said)
    {
        _step = Step.HearingTheEnd;
        _line ??= new StringBuilder();
        if (_line.Length < LineBytesMax) _line.Append((char)said);
    }

    private void SendDigits(ReadOnlySpan<byte> digits)
    {
        var sent = Send(digits);
        if (sent < 0)
        {
            _digitsLeft = null;
            SendFailed();
            if (IsOpen) Lose(Trouble.Reset);
            return;
        }
        _digitsLeft = sent == digits.Length ? null : digits[sent..].ToArray();
    }
}
