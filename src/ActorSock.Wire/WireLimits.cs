namespace ActorSock.Wire;

/// <summary>Says how large a peer may make what it announces.</summary>
public sealed record WireLimits
{
    /// <summary>The most that any header can be: a longer prefix could be taken for text.</summary>
    public const int HeaderBytesCeiling = 65_536;

    /// <summary>The longest header accepted, in bytes, without its length prefix: 1 to 65,536.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It is outside that range.</exception>
    public required int HeaderBytesMax
    {
        get;
        init
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(value, 1, nameof(HeaderBytesMax));
            ArgumentOutOfRangeException.ThrowIfGreaterThan(value, HeaderBytesCeiling, nameof(HeaderBytesMax));
            field = value;
        }
    }

    /// <summary>The largest file that is accepted, in bytes.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It is negative.</exception>
    public required long FileBytesMax
    {
        get;
        init
        {
            ArgumentOutOfRangeException.ThrowIfNegative(value, nameof(FileBytesMax));
            field = value;
        }
    }
}
