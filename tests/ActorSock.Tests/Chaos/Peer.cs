using System.Net.Sockets;
using ActorSock.Testing;
using ActorSock.Wire;

namespace ActorSock.Tests.Chaos;

/// <summary>Sends a few uploads over one connection, until its fate meets it.</summary>
internal sealed class Peer(TestNode node, WireClient client, string connection, Random random, SentUploads uploads, Trouble trouble)
{
    public const int Count = 60;

    private const int UploadsMax = 4;

    private enum Fate
    {
        Clean,
        Lies,
        Resets,
        Stalls,
        HalfCloses,
        ConnectionFails,
        FramerFails,
        WriterFails,
    }

    /// <summary>There is no more to be said on this connection.</summary>
    private sealed class LifeOver : Exception;

    private Fate _fate;
    private int _writer;
    private long _untilFate;

    public async Task Live()
    {
        try
        {
            for (var i = random.Next(1, UploadsMax + 1); i > 0; i--)
                await Upload((Dialect)random.Next(1, 5), $"{connection}/{i}.bin", Bodies.Of(Size(), random.Next()));
            client.EndSending();
            await client.ReadToEnd();
        }
        catch (Exception e) when (e is LifeOver or SocketException)
        {
            // closed in its face, or by itself
        }
        catch (OperationCanceledException e)
        {
            throw new TimeoutException($"{connection} was left alone by the node, at its fate {_fate}", e);
        }
        client.Dispose();
    }

    /// <summary>Around the limits between small and large, between pages, and anything else.</summary>
    private int Size() => random.Next(8) switch
    {
        0 => 0,
        1 => random.Next(1, 100),
        2 or 3 => random.Next(1, 65_537),
        4 => 65_536 + random.Next(2),
        5 => 4096 * random.Next(1, 100) + random.Next(-1, 2),
        _ => random.Next(1, 600_000),
    };

    private async Task Upload(Dialect dialect, string name, byte[] body)
    {
        var last = trouble.HasFlag(Trouble.Actors) ? Fate.WriterFails : Fate.HalfCloses;
        _fate = random.Next(3) > 0 ? Fate.Clean : (Fate)random.Next((int)Fate.Lies, (int)last + 1);
        _writer++;
        var honest = _fate != Fate.Lies || dialect is Dialect.BareAcknowledged or Dialect.Bare;
        var digits = WireClient.Digits(honest ? body : [.. body, 1]);
        if (honest)
            uploads.Begin(name, body);
        Md5Digest.TryParse(digits, out var digest).ShouldBeTrue();
        var header = HeaderEncoder.Encode(new PutHeader(dialect, name, body.Length, dialect == Dialect.DigestInHeader ? digest : null));
        _untilFate = random.Next(header.Length + body.Length + digits.Length);

        await Send(header);
        if (dialect == Dialect.BareAcknowledged && await Verdict() != "200")
            return; // refused, and the conversation goes on
        await Send(body);
        if (dialect == Dialect.DigestAfter)
        {
            if (await client.Read(2) != "OK")
                throw new LifeOver();
            await Send(digits);
        }
        if (dialect is Dialect.DigestAfter or Dialect.DigestInHeader && await Verdict() == "203")
        {
            honest.ShouldBeTrue($"{name} was acknowledged, and its digest is another one");
            uploads.Acknowledge(name);
        }
    }

    private async Task<string> Verdict()
    {
        var digits = await client.Read(3);
        return digits.Length == 3 ? digits : throw new LifeOver();
    }

    /// <summary>In pieces of any size, and with the turn of its fate in the middle.</summary>
    private async Task Send(byte[] bytes)
    {
        var pieceMax = 1 << random.Next(4, 17);
        for (var sent = 0; sent < bytes.Length;)
        {
            var piece = Math.Min(random.Next(1, pieceMax + 1), bytes.Length - sent);
            if (_untilFate >= 0 && _untilFate < piece)
            {
                await client.Send(bytes[sent..(sent + (int)_untilFate)]);
                (sent, _untilFate) = (sent + (int)_untilFate, -1);
                await Meet();
                continue;
            }
            await client.Send(bytes[sent..(sent + piece)]);
            (sent, _untilFate) = (sent + piece, _untilFate - piece);
        }
    }

    private async Task Meet()
    {
        switch (_fate)
        {
            case Fate.Resets:
                client.Reset();
                throw new LifeOver();
            case Fate.Stalls:
                await client.ReadToEnd();
                throw new LifeOver();
            case Fate.HalfCloses:
                client.EndSending();
                await client.ReadToEnd();
                throw new LifeOver();
            case Fate.ConnectionFails:
                Fail("");
                break;
            case Fate.FramerFails:
                Fail("/framer");
                break;
            case Fate.WriterFails:
                Fail($"/writer-{_writer}");
                break;
        }
    }

    /// <summary>What is not there yet, or any more, is not hurt: that is one of the points at which it may happen.</summary>
    private void Fail(string below) =>
        node.Node.System.ActorSelection($"/user/server/connections/{connection}{below}").Tell(Kill.Instance, ActorRefs.NoSender);
}
