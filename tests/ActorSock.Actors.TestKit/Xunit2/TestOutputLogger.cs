using ActorSock.Actors.Event;
using Xunit.Abstractions;

namespace ActorSock.Actors.TestKit.Xunit2;

/// <summary>Shows log events in the output of a test.</summary>
internal sealed class TestOutputLogger(ITestOutputHelper output, string? prefix)
{
    /// <summary>False when the test is over: what is logged afterwards has no place to go.</summary>
    public bool Show(LogEvent logged)
    {
        try
        {
            output.WriteLine(prefix is null ? $"{logged}" : $"{prefix}:{logged}");
            return true;
        }
        catch (InvalidOperationException)
        {
            return false;
        }
    }
}
