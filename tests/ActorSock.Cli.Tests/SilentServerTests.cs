using System.CommandLine;
using System.Net;
using System.Net.Sockets;
using ActorSock.Cli.Commands.Storing;

namespace ActorSock.Cli.Tests;

public sealed class SilentServerTests
{
    [Fact]
    public async Task Of_a_port_that_takes_connections_and_says_nothing_it_is_told_what_it_may_be()
    {
        using var silent = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        silent.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        silent.Listen();
        using var error = new StringWriter();
        var visit = new NodeVisit(new NodeTarget($"{silent.LocalEndPoint}", null), new InvocationConfiguration { Error = error })
        {
            ConnectLimit = TimeSpan.FromSeconds(2), // connecting is to be within it, also while code is compiled
        };

        var code = await visit.RunAsync(_ => Task.FromResult(ExitCode.Done), CancellationToken.None);

        code.ShouldBe(ExitCode.Failed);
        error.ToString().ShouldStartWith(
            $"{silent.LocalEndPoint} took the connection and said nothing for 2 s: it may be another service, such as title, greeter or commands: ");
    }
}
