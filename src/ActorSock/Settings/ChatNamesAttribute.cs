using System.Diagnostics.CodeAnalysis;
using System.Net;
using System.Net.Sockets;
using ActorSock.Wire.Text;

namespace ActorSock.Settings;

/// <summary>A section whose keys are names of members of the chat.</summary>
public sealed class ChatNamesAttribute() : NamedAttribute(null)
{
    internal const int BytesMax = 255;

    /// <inheritdoc/>
    public override string? WrongWith(string name) =>
        ChatName.WrongWith(name, BytesMax) is { } wrong ? $"{wrong}: must be a name of the chat"
        : KeyOf(name) == ChatRequest.Everybody ? "is everybody: must be a name of the chat"
        : null;

    /// <summary>For comparing names: in normal form C and one case, by the simple mappings of Unicode.</summary>
    internal static string KeyOf(string name) => NormalFormC.Of(name).ToUpperInvariant().ToLowerInvariant();
}

/// <summary>A name of a member of the chat, or all.</summary>
public sealed class ChatTargetAttribute : TextAttribute
{
    /// <inheritdoc/>
    public override string Allowed => "a name of the chat, or all";

    private protected override string? Wrong(string text) =>
        ChatName.WrongWith(text, ChatNamesAttribute.BytesMax) is { } wrong ? $"this {wrong}" : null;
}

/// <summary>Where datagrams come from: an address, with or without a port.</summary>
public sealed class PeerAddressAttribute : AllowedAttribute
{
    /// <inheritdoc/>
    public override string Allowed => "an IP address, ADDRESS:PORT or [IPV6]:PORT";

    /// <inheritdoc/>
    public override bool IsValid(object? value) => value is string text && TryRead(text, out _, out _);

    internal override bool TryRead(string text, [NotNullWhen(true)] out string? bindable, [NotNullWhen(false)] out string? why)
    {
        bindable = TryRead(text, out _, out _) ? text : null;
        why = bindable is null ? $"must be {Allowed}" : null;
        return bindable is not null;
    }

    internal static bool TryRead(string text, [NotNullWhen(true)] out IPAddress? address, out int? port)
    {
        (address, port) = (null, null);
        // IPAddress takes [::1]:9005 too, and ignores the port.
        if (IPEndPoint.TryParse(text, out var both) && both.Port > 0)
            (address, port) = (both.Address, both.Port);
        else if (text.Contains(']') || !IPAddress.TryParse(text, out address))
            return false;
        // "9005" and "127.1" are addresses to some, and mistakes to us.
        if (address.AddressFamily == AddressFamily.InterNetwork && text.Count(c => c == '.') != 3)
            return false;
        address = address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address; // as senders of datagrams are told to us
        return true;
    }
}
