using System.Diagnostics.CodeAnalysis;

namespace ActorSock.Settings;

/// <summary>One endpoint, or off.</summary>
public class EndpointAttribute : AllowedAttribute
{
    /// <inheritdoc/>
    public override string Allowed => "HOST:PORT, [IPV6]:PORT, unix:/path or off";

    /// <inheritdoc/>
    public override bool IsValid(object? value) => value is null or Endpoint.Tcp or Endpoint.Unix;

    internal override bool MayBeOff => true;

    internal override bool TryRead(
        string text, [NotNullWhen(true)] out string? bindable, [NotNullWhen(false)] out string? why)
    {
        var read = Endpoint.TryParse(text, out var endpoint, out var wrong);
        if (endpoint is Endpoint.Udp)
            wrong = "datagrams have a key of their own, udp-endpoint";
        bindable = read && wrong is null ? text : null;
        why = bindable is null ? $"must be {Allowed}: {wrong}" : null;
        return bindable is not null;
    }
}

/// <summary>One endpoint or several, or off.</summary>
public sealed class EndpointsAttribute : EndpointAttribute
{
    /// <inheritdoc/>
    public override string Allowed => $"{base.Allowed}, or a list of endpoints";

    /// <inheritdoc/>
    public override bool IsValid(object? value) =>
        value is IReadOnlyList<Endpoint> several && several.All(endpoint => endpoint is not Endpoint.Udp);

    internal override bool MayBeList => true;
}

/// <summary>One endpoint for datagrams or several, or off.</summary>
public sealed class UdpEndpointsAttribute : AllowedAttribute
{
    /// <inheritdoc/>
    public override string Allowed => "HOST:PORT, [IPV6]:PORT or off, or a list of endpoints";

    /// <inheritdoc/>
    public override bool IsValid(object? value) =>
        value is IReadOnlyList<Endpoint> several && several.All(endpoint => endpoint is Endpoint.Udp);

    internal override bool MayBeOff => true;

    internal override bool MayBeList => true;

    internal override bool TryRead(
        string text, [NotNullWhen(true)] out string? bindable, [NotNullWhen(false)] out string? why)
    {
        var udp = text.StartsWith(Endpoint.Udp.Scheme, StringComparison.OrdinalIgnoreCase) ? text : Endpoint.Udp.Scheme + text;
        var wrong = text.StartsWith("unix:", StringComparison.OrdinalIgnoreCase) ? "a Unix socket takes connections only" : null;
        bindable = wrong is null && Endpoint.TryParse(udp, out _, out wrong) ? udp : null;
        why = bindable is null ? $"must be {Allowed}: {wrong}" : null;
        return bindable is not null;
    }
}
