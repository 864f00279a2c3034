using ActorSock.Wire;

namespace ActorSock.Client;

/// <summary>The key of a client, for servers that challenge those who connect: WIRE.md, "Challenge".</summary>
public sealed class ClientKey
{
    private readonly byte[] _key;

    /// <param name="key">Its bytes; a key that is a text is its UTF-8.</param>
    /// <exception cref="ArgumentException">It is empty.</exception>
    public ClientKey(ReadOnlySpan<byte> key)
    {
        if (key.IsEmpty) throw new ArgumentException("a key has at least one byte", nameof(key));
        _key = key.ToArray();
    }

    /// <summary>Reads a file with the line <c>KEY</c>, or <c>NAME KEY</c> as the server's file has it.</summary>
    /// <exception cref="IOException">It cannot be read, or others may read it.</exception>
    /// <exception cref="FormatException">It has no key, or several.</exception>
    public static ClientKey ReadFile(string path)
    {
        if (!OperatingSystem.IsWindows() && File.Exists(path)
            && (File.GetUnixFileMode(path) & (UnixFileMode.GroupRead | UnixFileMode.OtherRead)) != 0)
            throw new IOException($"others may read the key file '{path}': chmod 600 it");
        KeyLine? found = null;
        var number = 0;
        foreach (var line in File.ReadAllLines(path))
        {
            number++;
            KeyLine.Read(line, out var read, out var why);
            if (why is not null) throw new FormatException($"line {number} of the key file '{path}' is wrong: {why}");
            if (read is not null && found is not null)
                throw new FormatException($"the key file '{path}' has several keys: copy the line of yours into a file of its own, and name that");
            found ??= read;
        }
        return new ClientKey((found ?? throw new FormatException($"the key file '{path}' has no key: write it there")).Key);
    }

    /// <summary>What proves to a server that one has the key.</summary>
    /// <param name="challenge">The 32 bytes that it sent.</param>
    public byte[] Answer(ReadOnlySpan<byte> challenge) => Challenge.Answer(challenge, _key);
}
