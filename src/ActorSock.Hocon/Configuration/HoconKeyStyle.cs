namespace ActorSock.Hocon;

/// <summary>How keys of HOCON become keys of <c>IConfiguration</c>.</summary>
public enum HoconKeyStyle
{
    /// <summary><c>header-bytes-max</c> stays <c>header-bytes-max</c>.</summary>
    AsWritten,

    /// <summary>
    /// <c>header-bytes-max</c> becomes <c>headerbytesmax</c>, which binds to a property
    /// <c>HeaderBytesMax</c>, because <c>IConfiguration</c> does not tell upper from lower case.
    /// </summary>
    WithoutHyphens,
}
