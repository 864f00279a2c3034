using System.Globalization;
using System.Text;

namespace ActorSock.Cli.Commands.Connecting;

/// <summary>How lines become messages, and how long answers are waited for.</summary>
internal readonly record struct WayToTalk(bool EndsLines, TimeSpan Wait)
{
    public byte[] Message(string line) => Encoding.UTF8.GetBytes(EndsLines ? line + "\n" : line);

    /// <summary>The wait as somebody would write it.</summary>
    public string WaitWritten => Wait.TotalSeconds < 1
        ? string.Create(CultureInfo.InvariantCulture, $"{Wait.TotalMilliseconds}ms")
        : string.Create(CultureInfo.InvariantCulture, $"{Wait.TotalSeconds}s");
}
