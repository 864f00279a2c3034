using System.Text.RegularExpressions;

namespace ActorSock.Settings;

/// <summary>A section whose keys are names of the operator's choice, each with a section of its own.</summary>
/// <param name="defaults">The key of the section that has what an entry leaves out; null where it leaves out nothing.</param>
[AttributeUsage(AttributeTargets.Property)]
public partial class NamedAttribute(string? defaults) : Attribute
{
    /// <summary>The key of the section that has what an entry leaves out; null where it leaves out nothing.</summary>
    public string? Defaults => defaults;

    /// <summary>What a name may be.</summary>
    public const string Allowed = "a name: letters, digits and . _ + - behind a letter or digit, at most 64";

    /// <summary>What keeps a text from being a name: <c>must be ...</c>; null when nothing does.</summary>
    public virtual string? WrongWith(string name) => IsName(name) ? null : $"must be {Allowed}";

    /// <summary>Whether this can be a name. A colon would be two keys to the configuration binder.</summary>
    public static bool IsName(string text) => Name().IsMatch(text);

    [GeneratedRegex(@"\A[A-Za-z0-9][A-Za-z0-9._+-]{0,63}\z")]
    private static partial Regex Name();
}
