using System.Text;
using System.Text.Json;

namespace ActorSock.Wire;

/// <summary>One field that an object can have.</summary>
/// <param name="slot">Its place among the fields of its table.</param>
/// <param name="name">Its name, in plain ASCII.</param>
internal sealed class JsonKey(int slot, string name)
{
    public int Slot { get; } = slot;

    public string Name { get; } = name;

    public JsonEncodedText Encoded { get; } = JsonEncodedText.Encode(name);
}

/// <summary>The fields that are looked for in an object; others are passed over.</summary>
internal sealed class JsonKeys
{
    private const int NameBytesMax = 16;
    private readonly List<(byte[] Name, int Slot)>[] _byLength = new List<(byte[], int)>[NameBytesMax + 1];

    /// <summary>How many there are.</summary>
    public int Count { get; private set; }

    /// <summary>Adds a field.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="alias">Another name that means the same.</param>
    public JsonKey Add(string name, string? alias = null)
    {
        var key = new JsonKey(Count++, name);
        foreach (var spelling in alias is null ? [name] : new[] { name, alias })
            (_byLength[spelling.Length] ??= []).Add((Encoding.ASCII.GetBytes(spelling), key.Slot));
        return key;
    }

    /// <summary>The slot of the field of this name, which may be escaped; -1 when it is none of these.</summary>
    public int SlotOf(ReadOnlySpan<byte> name)
    {
        if (name.Contains((byte)'\\')) return SlotOfEscaped(name);
        if (name.Length < _byLength.Length && _byLength[name.Length] is { } candidates)
            foreach (var (spelling, slot) in candidates)
                if (name.SequenceEqual(spelling)) return slot;
        return -1;
    }

    private int SlotOfEscaped(ReadOnlySpan<byte> name)
    {
        foreach (var candidates in _byLength)
            foreach (var (spelling, slot) in candidates ?? [])
                if (JsonValue.Says(name, spelling)) return slot;
        return -1;
    }
}
