using ActorSock.Wire;
using ActorSock.Wire.Native;

namespace ActorSock.Load.Driving;

/// <summary>Speaks the native protocol: several files of its connection are under way at once, and answers come in any order.</summary>
internal sealed class NativeCaller(Driver driver, int number) : UploadCaller(driver, number, driver.Scenario.Pipeline)
{
    private static readonly byte[] s_hello = NativeEncoder.Encode(new NativeRequest.Hello([1]) { Agent = "actorsock load" });

    private byte[] _begun = [];   // of a reply whose end has not come
    private string? _refusal;     // of the connection

    protected override void Opened()
    {
        (_begun, _refusal) = ([], null);
        if (Send(s_hello) == s_hello.Length) MakeRoom();
        else Lose(Trouble.Reset); // a new connection takes a hundred bytes, or nothing
    }

    protected override byte[] Head(int slot)
    {
        var file = FlightIn(slot).File;
        return NativeEncoder.Encode(new NativeRequest.Put(Driver.Bodies.NameOf(file.Number))
        {
            Id = slot,
            Body = FrameBody.Of(file.Size),
            Promise = new DigestPromise.Named(ContentDigest.From(Driver.Bodies.DigestOf(file))),
        });
    }

    // What follows is the answer, whenever it comes.
    protected override void BodySent(int slot) { }

    protected override void Heard(ReadOnlySpan<byte> bytes)
    {
        if (_begun.Length > 0) bytes = (byte[])[.. _begun, .. bytes];
        while (IsOpen)
        {
            var decoded = NativeReply.Decode(bytes);
            if (decoded.Outcome == Outcome.NotYet) break;
            if (decoded.Outcome == Outcome.Refused)
            {
                // A server that speaks no native protocol says why in a line.
                Lose(Trouble.OfLine(System.Text.Encoding.Latin1.GetString(bytes[..Math.Min(bytes.Length, 200)])));
                return;
            }
            bytes = bytes[decoded.Consumed..];
            Answered(decoded.Frame);
        }
        _begun = bytes.ToArray();
    }

    protected override void Ended(System.Net.Sockets.SocketError? error) => Lose(_refusal ?? Trouble.Of(error));

    private void Answered(NativeReply reply)
    {
        if (reply.Closes || reply is { Id: null, IsRefusal: true }) _refusal = Trouble.Of(reply);
        if (reply.Id is not { } id || reply.Status == NativeReply.Early) return;
        if (!IsUsed((int)Math.Clamp(id, -1, int.MaxValue)))
        {
            Lose("answered what was not asked");
            return;
        }
        if (reply.Status == NativeReply.Stored) Acknowledge((int)id);
        else Fail((int)id, Trouble.Of(reply));
        if (IsOpen) MakeRoom();
    }
}
