using ActorSock.Wire.Text;

namespace ActorSock.Client.Native;

/// <summary>The names that a node gives to a file that is kept beside another: <c>name (2).ext</c>.</summary>
internal sealed class Siblings
{
    private readonly string _name, _stem, _extension;

    public Siblings(string name)
    {
        _name = NormalFormC.Of(name);
        var leaf = _name.LastIndexOf('/') + 1;
        var dot = _name.LastIndexOf('.');
        // A name that begins with its only dot has no extension.
        var end = dot > leaf ? dot : _name.Length;
        (_stem, _extension) = (_name[..end], _name[end..]);
    }

    /// <summary>What all of them begin with.</summary>
    public string Prefix => _stem;

    /// <summary>Whether this is the name, or one that was made from it.</summary>
    public bool Has(string name)
    {
        if (name == _name) return true;
        var front = _stem + " (";
        var back = ")" + _extension;
        return name.Length > front.Length + back.Length
            && name.StartsWith(front, StringComparison.Ordinal) && name.EndsWith(back, StringComparison.Ordinal)
            && !name.AsSpan(front.Length..^back.Length).ContainsAnyExceptInRange('0', '9');
    }
}
