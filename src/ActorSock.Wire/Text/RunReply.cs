using System.Buffers;
using System.Buffers.Binary;
using System.Text.Json;

namespace ActorSock.Wire.Text;

/// <summary>Says how a program ended, in the framed dialect of the commands service; its output follows.</summary>
public abstract record RunReply
{
    private RunReply() { }

    /// <summary>Bytes of standard output that follow.</summary>
    public long OutputBytes { get; init; }

    /// <summary>Bytes of standard error that follow these.</summary>
    public long ErrorBytes { get; init; }

    /// <summary>Whether there was more output than is allowed; what is over it was thrown away.</summary>
    public bool IsCut { get; init; }

    /// <summary>From its start to its end.</summary>
    public TimeSpan Duration { get; init; }

    /// <summary>It ended by itself.</summary>
    /// <param name="Status">Its exit status; of one that died of a signal 128 more than that, as shells have it.</param>
    public sealed record Exited(int Status) : RunReply;

    /// <summary>The node ended it.</summary>
    /// <param name="Signal">By which signal.</param>
    /// <param name="Why">For what reason.</param>
    public sealed record Killed(int Signal, string Why) : RunReply;

    /// <summary>It was not run.</summary>
    /// <param name="Code">Three digits in the manner of HTTP.</param>
    /// <param name="Why">A sentence for the person who asked.</param>
    public sealed record Refused(int Code, string Why) : RunReply;

    /// <summary>The reply as it goes over the wire, its length in front.</summary>
    public byte[] Encode()
    {
        var bytes = new ArrayBufferWriter<byte>();
        bytes.Write(stackalloc byte[sizeof(int)]); // the length, when it is known
        using (var json = new Utf8JsonWriter(bytes))
            Write(json);
        var reply = bytes.WrittenSpan.ToArray();
        BinaryPrimitives.WriteInt32LittleEndian(reply, reply.Length - sizeof(int));
        return reply;
    }

    private void Write(Utf8JsonWriter json)
    {
        json.WriteStartObject();
        switch (this)
        {
            case Exited(var status):
                json.WriteNumber("exit", status);
                break;
            case Killed(var signal, var why):
                json.WriteNumber("signal", signal);
                json.WriteString("why", why);
                break;
            case Refused(var code, var why):
                json.WriteNumber("refused", code);
                json.WriteString("why", why);
                break;
        }
        json.WriteNumber("stdout", OutputBytes);
        json.WriteNumber("stderr", ErrorBytes);
        json.WriteBoolean("cut", IsCut);
        json.WriteNumber("duration", Math.Round((decimal)Duration.TotalSeconds, 6));
        json.WriteEndObject();
    }

    /// <summary>Reads a reply.</summary>
    /// <param name="json">The bytes behind the length.</param>
    /// <exception cref="FormatException">It is none.</exception>
    public static RunReply Decode(ReadOnlyMemory<byte> json)
    {
        try
        {
            using var document = JsonDocument.Parse(json);
            var said = document.RootElement;
            RunReply reply =
                said.TryGetProperty("exit", out var exit) ? new Exited(exit.GetInt32())
                : said.TryGetProperty("signal", out var signal) ? new Killed(signal.GetInt32(), Reason(said))
                : new Refused(said.GetProperty("refused").GetInt32(), Reason(said));
            var (output, error) = (said.GetProperty("stdout").GetInt64(), said.GetProperty("stderr").GetInt64());
            if (output < 0 || error < 0)
                throw new FormatException("the reply has a negative count of bytes");
            return reply with
            {
                OutputBytes = output,
                ErrorBytes = error,
                IsCut = said.GetProperty("cut").GetBoolean(),
                Duration = TimeSpan.FromSeconds(said.GetProperty("duration").GetDouble()),
            };
        }
        catch (Exception wrong) when (wrong is JsonException or InvalidOperationException or KeyNotFoundException
            or OverflowException)
        {
            throw new FormatException("this is no reply to a command: another service is there", wrong);
        }
    }

    private static string Reason(JsonElement said) => said.GetProperty("why").GetString() ?? "";
}
