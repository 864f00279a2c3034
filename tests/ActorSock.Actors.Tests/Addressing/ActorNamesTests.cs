namespace ActorSock.EngineTests;

public class ActorNamesTests : EngineTest
{
    [Fact]
    public void A_name_that_is_taken_is_refused()
    {
        Start(new Role("a", ActorRefs.Nobody));

        Should.Throw<InvalidActorNameException>(() => Start(new Role("a", ActorRefs.Nobody)))
            .Message.ShouldContain("a");
    }

    [Theory]
    [InlineData("")]
    [InlineData("$first")]
    [InlineData("with space")]
    [InlineData("with/slash")]
    [InlineData("ünicode")]
    [InlineData("percent%zz")]
    [InlineData("hash#1")]
    public void A_name_that_is_no_element_of_a_path_is_refused(string name)
    {
        Should.Throw<InvalidActorNameException>(() =>
            Sys.ActorOf(new Role("a", ActorRefs.Nobody).Props, name));
    }

    [Theory]
    [InlineData("c-000042")]
    [InlineData("_under.score")]
    [InlineData("a+b:c@d&e=f,g!h~i'j;k(l)m*n$")]
    [InlineData("percent%41")]
    public void A_name_may_have_letters_digits_and_some_symbols(string name)
    {
        var actor = Sys.ActorOf(new Role("a", ActorRefs.Nobody).Props, name);

        actor.Path.Name.ShouldBe(name);
        actor.Ask(_ => true).ShouldBeTrue();
    }

    [Fact]
    public void Without_a_name_each_actor_gets_one_of_its_own()
    {
        var names = Enumerable.Range(0, 500)
            .Select(_ => Sys.ActorOf(new Role("a", ActorRefs.Nobody).Props).Path.Name).ToList();

        names.Distinct().Count().ShouldBe(500);
        names.ShouldAllBe(name => name.StartsWith('$'));
    }

    [Fact]
    public void A_name_is_free_again_when_its_actor_has_stopped()
    {
        var parent = Start(new Role("parent", ActorRefs.Nobody));
        var first = parent.Ask(p =>
            p.Surroundings.WatchWith(p.Start(new Role("child", ActorRefs.Nobody)),
            (Action<Puppet>)(q => q.Start(RoleOf("child")))));

        Sys.Stop(first);

        ExpectMsg("child#1 PreStart");
        var second = parent.Ask(p => p.Surroundings.Child("child"));
        second.Path.ShouldBe(first.Path);
        second.ShouldNotBe(first);
        second.Path.Uid.ShouldNotBe(first.Path.Uid);
    }

    [Fact]
    public void A_name_is_taken_as_long_as_its_actor_is_stopping()
    {
        using var gate = new Gate();
        var parent = Start(new Role("parent", ActorRefs.Nobody));
        var child = parent.Ask(p => p.Start(new Role("child", ActorRefs.Nobody)
        {
            InPostStop = _ => gate.Pass(),
        }));

        Sys.Stop(child);
        gate.AwaitReached();

        parent.Ask(p => Should.Throw<InvalidActorNameException>(() =>
            p.Start(new Role("child", ActorRefs.Nobody))));
    }

    [Fact]
    public void An_actor_is_not_made_with_new()
    {
        Should.Throw<Exception>(() => new Echo());
    }
}
