using System.Diagnostics.CodeAnalysis;

namespace ActorSock.Settings;

/// <summary>One endpoint, or off.</summary>
public class EndpointAttribute : AllowedAttribute
{
    /// <inheritdoc/>
    public override string Allowed => "HOST:PORT, [IPV6]:PORT, unix:/path or off";

    /// <inheritdoc/>
    public override bool IsValid(object? value) => value is null or Endpoint;

    internal override bool MayBeOff => true;

    internal override bool TryRead(
        string text, [NotNullWhen(true)] out string? bindable, [NotNullWhen(false)] out string? why)
    {
        bindable = Endpoint.TryParse(text, out _, out var wrong) ? text : null;
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
    public override bool IsValid(object? value) => value is IReadOnlyList<Endpoint>;

    internal override bool MayBeList => true;
}
