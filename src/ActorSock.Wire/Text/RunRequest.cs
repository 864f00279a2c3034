using System.Buffers;
using System.Buffers.Binary;
using System.Text.Json;
using System.Text.Unicode;

namespace ActorSock.Wire.Text;

/// <summary>Asks for one program, in the framed dialect of the commands service.</summary>
/// <param name="Words">The name of the command, then its arguments; at least one.</param>
public sealed record RunRequest(IReadOnlyList<string> Words)
{
    /// <summary>Bytes of the int32 in front.</summary>
    public const int PrefixBytes = sizeof(int);

    /// <summary>The most bytes of JSON.</summary>
    public const int JsonBytesMax = 64 << 10;

    /// <summary>Whether a conversation that begins with these bytes is framed: the length has a zero in its fourth byte,
    /// and text has none anywhere.</summary>
    public static bool IsFramed(ReadOnlySpan<byte> first) => first[..Math.Min(first.Length, PrefixBytes)].Contains((byte)0);

    /// <summary>Reads the length in front of a request.</summary>
    /// <param name="prefix">Its four bytes.</param>
    /// <param name="length">Bytes of the JSON that follows.</param>
    public static bool TryReadLength(ReadOnlySpan<byte> prefix, out int length)
    {
        length = BinaryPrimitives.ReadInt32LittleEndian(prefix);
        return length is > 0 and <= JsonBytesMax;
    }

    /// <summary>Reads a request.</summary>
    /// <param name="json">The bytes behind the length.</param>
    /// <param name="refusal">What is wrong with it.</param>
    /// <returns>The request, or null.</returns>
    public static RunRequest? Decode(ReadOnlySpan<byte> json, out RunRefusal? refusal)
    {
        var fields = new Fields();
        var why = "it is no UTF-8";
        try
        {
            why = Utf8.IsValid(json) ? fields.Read(json) : why;
        }
        catch (Exception broken) when (broken is JsonException or InvalidOperationException)
        {
            // The second is half of a surrogate pair in a string.
            why = "it is no JSON object with the text that is wanted";
        }
        refusal = why is null ? null : RunRefusal.Unreadable(why);
        return why is null ? new RunRequest(fields.Words!) : null;
    }

    /// <summary>The request as it goes over the wire, its length in front.</summary>
    /// <exception cref="ArgumentException">It is longer than a request can be.</exception>
    public byte[] Encode()
    {
        var bytes = new ArrayBufferWriter<byte>();
        bytes.Write(stackalloc byte[PrefixBytes]); // the length, when it is known
        using (var json = new Utf8JsonWriter(bytes))
        {
            json.WriteStartObject();
            json.WriteString("action", "run");
            json.WriteString("command", Words[0]);
            json.WriteStartArray("arguments");
            foreach (var argument in Words.Skip(1))
                json.WriteStringValue(argument);
            json.WriteEndArray();
            json.WriteEndObject();
        }
        var request = bytes.WrittenSpan.ToArray();
        var length = request.Length - PrefixBytes;
        if (length > JsonBytesMax)
            throw new ArgumentException($"the request has {length} bytes, and can have {JsonBytesMax}");
        BinaryPrimitives.WriteInt32LittleEndian(request, length);
        return request;
    }

    /// <summary>Collects what a request says; of a key that comes twice the last counts, others are passed over.</summary>
    private sealed class Fields
    {
        private string? _action, _line, _command;
        private List<string>? _arguments;

        public IReadOnlyList<string>? Words { get; private set; }

        /// <returns>What is wrong, or null.</returns>
        public string? Read(ReadOnlySpan<byte> bytes)
        {
            var json = new Utf8JsonReader(bytes);
            json.Read();
            if (json.TokenType != JsonTokenType.StartObject)
                return "it is no JSON object";
            while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
                Take(ref json);
            json.Read(); // throws when more than white space follows
            return Judge();
        }

        private void Take(ref Utf8JsonReader json)
        {
            var key = json.GetString();
            json.Read();
            switch (key)
            {
                case "action": _action = json.GetString(); break;
                case "line": _line = json.GetString(); break;
                case "command": _command = json.GetString(); break;
                case "arguments": _arguments = Texts(ref json); break;
                default: json.Skip(); break;
            }
        }

        private static List<string> Texts(ref Utf8JsonReader json)
        {
            if (json.TokenType != JsonTokenType.StartArray)
                throw new JsonException();
            var texts = new List<string>();
            while (json.Read() && json.TokenType != JsonTokenType.EndArray)
                texts.Add(json.GetString() ?? throw new JsonException());
            return texts;
        }

        private string? Judge()
        {
            if (_action != "run")
                return _action is null ? "it has no action" : $"its action is {RunRefusal.Echo(_action)}, known is run";
            if (_line is null == _command is null)
                return "it must have either line or command";
            if (_line is not null && _arguments is not null)
                return "arguments go with command, and not with line";
            if (_line is not null)
            {
                if (!CommandLine.TrySplit(_line, out var words, out var why))
                    return why;
                Words = words;
                return words.Count == 0 ? "its line is blank" : null;
            }
            Words = [_command!, .. _arguments ?? []];
            return Words.Any(word => word.Contains('\0')) ? "it has a zero character, which no argument can have"
                : _command!.Length == 0 ? "its command is empty" : null;
        }
    }
}
