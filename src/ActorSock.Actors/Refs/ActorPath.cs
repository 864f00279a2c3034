using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace ActorSock.Actors;

/// <summary>Where an actor stands in the tree: <c>akka://system/user/server/connections/c-000042</c>.</summary>
/// <remarks>Two paths are equal when address and elements are; the uid tells incarnations of one path apart.</remarks>
public abstract class ActorPath : IEquatable<ActorPath>, IComparable<ActorPath>
{
    /// <summary>What an element may contain beside ASCII letters, digits and %-escapes; it may not start with $.</summary>
    public static readonly string ValidSymbols = "\"-_.*$+:@&=,!~';()";

    private readonly ActorPath? _parent;

    protected ActorPath(Address address, string name)
    {
        Address = address;
        Name = name;
    }

    protected ActorPath(ActorPath parentPath, string name, long uid)
    {
        _parent = parentPath;
        Address = parentPath.Address;
        Name = name;
        Uid = uid;
        Depth = parentPath.Depth + 1;
    }

    public Address Address { get; }

    public string Name { get; }

    public long Uid { get; }

    /// <summary>The path above; the root is its own.</summary>
    public ActorPath Parent => _parent ?? this;

    public ActorPath Root => ParentOf(0);

    /// <summary>How many elements the path has; the root has none.</summary>
    public int Depth { get; }

    public IReadOnlyList<string> Elements
    {
        get
        {
            var elements = new string[Depth];
            ActorPath path = this;
            for (var i = elements.Length - 1; i >= 0; i--, path = path.Parent)
                elements[i] = path.Name;
            return elements;
        }
    }

    public ActorPath Child(string childName) => this / childName;

    /// <summary>The same path of another incarnation; the root has but one.</summary>
    public ActorPath WithUid(long uid) => _parent is null || uid == Uid ? this : new ChildActorPath(_parent, Name, uid);

    public static ActorPath operator /(ActorPath path, string name) => new ChildActorPath(path, name, 0);

    public static ActorPath operator /(ActorPath path, IEnumerable<string> name) => name.Aggregate(path, (p, n) => p / n);

    /// <summary>The ancestor at this depth; negative counts from the end: -1 is the parent.</summary>
    public ActorPath ParentOf(int depth)
    {
        var wanted = depth >= 0 ? depth : Depth + depth;
        var path = this;
        while (path.Depth > wanted && path.Depth > 0)
            path = path.Parent;
        return path;
    }

    /// <summary>True when an actor may be called this.</summary>
    public static bool IsValidPathElement(string s)
    {
        if (string.IsNullOrEmpty(s) || s[0] == '$')
            return false;
        for (var i = 0; i < s.Length; i++)
        {
            var c = s[i];
            if (c == '%' && i + 2 < s.Length && char.IsAsciiHexDigit(s[i + 1]) && char.IsAsciiHexDigit(s[i + 2]))
                i += 2;
            else if (!char.IsAsciiLetterOrDigit(c) && !ValidSymbols.Contains(c, StringComparison.Ordinal))
                return false;
        }
        return true;
    }

    public static ActorPath Parse(string path) =>
        TryParse(path, out var parsed) ? parsed : throw new UriFormatException($"not an actor path: {path}");

    /// <remarks>Not by <see cref="Uri"/>: it would lower the case of a system's name and escape what is valid here.</remarks>
    public static bool TryParse(string path, [NotNullWhen(true)] out ActorPath? actorPath)
    {
        actorPath = null;
        var protocolLength = path?.IndexOf("://", StringComparison.Ordinal) ?? -1;
        if (protocolLength < 0 || !path!.StartsWith("akka", StringComparison.Ordinal))
            return false;
        var rest = path[(protocolLength + 3)..];
        var uid = 0L;
        if (rest.IndexOf('#', StringComparison.Ordinal) is var mark and >= 0)
        {
            if (!long.TryParse(rest.AsSpan(mark + 1), NumberStyles.None, CultureInfo.InvariantCulture, out uid))
                return false;
            rest = rest[..mark];
        }
        var parts = rest.Split('/');
        if (!TryParseAddress(path[..protocolLength], parts[0], out var address))
            return false;
        ActorPath built = new RootActorPath(address);
        foreach (var element in parts.AsSpan(1))
            if (element.Length > 0)
                built /= element;
        actorPath = built.WithUid(uid);
        return true;
    }

    private static bool TryParseAddress(string protocol, string authority, [NotNullWhen(true)] out Address? address)
    {
        address = null;
        var at = authority.IndexOf('@', StringComparison.Ordinal);
        var system = at < 0 ? authority : authority[..at];
        if (system.Length == 0)
            return false;
        if (at < 0)
        {
            address = new Address(protocol, system);
            return true;
        }
        var host = authority[(at + 1)..];
        int? port = null;
        var colon = host.LastIndexOf(':');
        if (colon > host.LastIndexOf(']')) // the colons of an IPv6 address stand in brackets
        {
            if (!ushort.TryParse(host.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var number))
                return false;
            (host, port) = (host[..colon], number);
        }
        if (host.Length == 0)
            return false;
        address = new Address(protocol, system, host, port);
        return true;
    }

    public static string FormatPathElements(IEnumerable<string> pathElements) => "/" + string.Join('/', pathElements);

    public string ToStringWithoutAddress() => FormatPathElements(Elements);

    public string ToStringWithAddress() => Address + ToStringWithoutAddress();

    public string ToStringWithAddress(Address address) =>
        (Address.HasLocalScope ? address : Address) + ToStringWithoutAddress();

    public string ToStringWithUid() => Uid == 0 ? ToStringWithAddress() : $"{ToStringWithAddress()}#{Uid}";

    public string ToSerializationFormat() => ToStringWithUid();

    public override string ToString() => ToStringWithAddress();

    public bool Equals(ActorPath? other)
    {
        if (other is null || Depth != other.Depth)
            return false;
        ActorPath a = this, b = other;
        for (; !ReferenceEquals(a, b) && a.Depth > 0; a = a.Parent, b = b.Parent)
            if (a.Name != b.Name)
                return false;
        return a.Address.Equals(b.Address);
    }

    public override bool Equals(object? obj) => Equals(obj as ActorPath);

    public override int GetHashCode() => HashCode.Combine(Depth, Name, Depth > 1 ? Parent.Name : null);

    public int CompareTo(ActorPath? other) =>
        other is null ? 1 : string.CompareOrdinal(ToString(), other.ToString());

    public static bool operator ==(ActorPath? left, ActorPath? right) => left?.Equals(right) ?? right is null;

    public static bool operator !=(ActorPath? left, ActorPath? right) => !(left == right);
}

/// <summary>The path of the whole system.</summary>
public sealed class RootActorPath(Address address, string name = "/") : ActorPath(address, name);

/// <summary>A path below another one.</summary>
public sealed class ChildActorPath(ActorPath parentPath, string name, long uid) : ActorPath(parentPath, name, uid);
