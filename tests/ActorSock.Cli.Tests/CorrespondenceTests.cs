using System.Net;
using ActorSock.Cli.Commands.Chatting;

namespace ActorSock.Cli.Tests;

public sealed class CorrespondenceTests
{
    private readonly Correspondence _correspondence = new();

    [Fact]
    public void Whoever_waits_longest_comes_first_and_as_often_as_they_wrote()
    {
        foreach (var port in new[] { 1, 2, 1 }) _correspondence.Add(Peer(port));

        _correspondence.Oldest.ShouldBe(Peer(1));
        _correspondence.TryTake().ShouldBe(Peer(1));
        _correspondence.TryTake().ShouldBe(Peer(2));
        _correspondence.TryTake().ShouldBe(Peer(1));
        _correspondence.TryTake().ShouldBeNull();
        _correspondence.Oldest.ShouldBeNull();
    }

    [Fact]
    public void So_many_messages_wait_and_no_more()
    {
        for (var port = 1; port <= Correspondence.WaitingMax; port++)
        {
            _correspondence.HasRoom.ShouldBeTrue();
            _correspondence.Add(Peer(port));
        }

        _correspondence.HasRoom.ShouldBeFalse();
        _correspondence.TryTake();
        _correspondence.HasRoom.ShouldBeTrue();
    }

    [Fact]
    public void Of_all_who_ever_wrote_the_first_are_forgotten()
    {
        for (var port = 1; port <= Correspondence.SeenMax + 1; port++)
        {
            _correspondence.Add(Peer(port));
            _correspondence.TryTake();
        }

        _correspondence.HasSeen(Peer(1)).ShouldBeFalse();
        _correspondence.HasSeen(Peer(2)).ShouldBeTrue();
        _correspondence.HasSeen(Peer(Correspondence.SeenMax + 1)).ShouldBeTrue();
    }

    private static IPEndPoint Peer(int port) => new(IPAddress.Loopback, port);
}
