using System.CommandLine;
using ActorSock.Client;

namespace ActorSock.Cli;

/// <summary><c>--key-file</c>: for servers that challenge those who connect.</summary>
internal sealed class KeyFileOption : Option<string>
{
    public KeyFileOption() : base("--key-file")
    {
        Description = "The file with your key, where the server asks for one: a line KEY or NAME KEY";
        HelpName = "FILE";
        Validators.Add(given =>
        {
            try
            {
                if (given.GetValueOrDefault<string>() is { } path) ClientKey.ReadFile(path);
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException or FormatException)
            {
                given.AddError(e is FileNotFoundException or DirectoryNotFoundException
                    ? $"there is no key file '{given.GetValueOrDefault<string>()}'" : e.Message);
            }
        });
    }

    /// <summary>The key; null when none was given.</summary>
    public ClientKey? Of(ParseResult parsed) => parsed.GetValue(this) is { } path ? ClientKey.ReadFile(path) : null;
}
