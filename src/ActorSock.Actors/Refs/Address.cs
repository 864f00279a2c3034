namespace ActorSock.Actors;

/// <summary>Names an actor system; this engine's systems are local and have neither host nor port.</summary>
public sealed class Address : IEquatable<Address>, IComparable<Address>
{
    public Address(string protocol, string system, string? host = null, int? port = null)
    {
        Protocol = protocol;
        System = system;
        Host = host;
        Port = port;
    }

    public string Protocol { get; }

    public string System { get; }

    public string? Host { get; }

    public int? Port { get; }

    public bool HasLocalScope => string.IsNullOrEmpty(Host);

    public bool HasGlobalScope => !HasLocalScope;

    public int CompareTo(Address? other) => other is null ? 1 : string.CompareOrdinal(ToString(), other.ToString());

    public bool Equals(Address? other) =>
        other is not null && (ReferenceEquals(this, other) || (Protocol == other.Protocol && System == other.System && Host == other.Host && Port == other.Port));

    public override bool Equals(object? obj) => Equals(obj as Address);

    public override int GetHashCode() => HashCode.Combine(Protocol, System, Host, Port);

    public override string ToString() =>
        HasLocalScope ? $"{Protocol}://{System}" : Port is { } port ? $"{Protocol}://{System}@{Host}:{port}" : $"{Protocol}://{System}@{Host}";
}
