using ActorSock.Access;

namespace ActorSock.Settings;

/// <summary>A program, by its full path: nothing is searched for.</summary>
public sealed class ProgramAttribute : TextAttribute
{
    private const UnixFileMode Execute = UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute;

    /// <inheritdoc/>
    public override string Allowed => "the full path of a program";

    private protected override string? Wrong(string text) =>
        text.Contains('\0', StringComparison.Ordinal) || !Path.IsPathFullyQualified(text) ? "this is no full path"
        : !File.Exists(text) ? "there is no such file"
        : !OperatingSystem.IsWindows() && (File.GetUnixFileMode(text) & Execute) == 0 ? "nobody may execute it"
        : null;
}

/// <summary>A folder.</summary>
public sealed class FolderAttribute : TextAttribute
{
    /// <inheritdoc/>
    public override string Allowed => "a folder";

    private protected override string? Wrong(string text) => Directory.Exists(text) ? null : "there is no such folder";
}

/// <summary>A user of the machine that the node can run programs as, or off for its own.</summary>
public sealed class UserAttribute : TextAttribute
{
    /// <inheritdoc/>
    public override string Allowed => "a user's name, or off";

    internal override bool MayBeOff => true;

    private protected override string? Wrong(string text) =>
        OperatingSystem.IsWindows() ? "programs run as who the node runs as on Windows"
        : Judge(text);

    private static string? Judge(string name)
    {
        try
        {
            return SystemUser.Find(name) is not { } user ? "there is no such user"
                : !user.IsOurs && !Environment.IsPrivilegedProcess ? "the node must run as root to run programs as somebody else"
                : null;
        }
        catch (IOException cannot)
        {
            return cannot.Message;
        }
    }
}
