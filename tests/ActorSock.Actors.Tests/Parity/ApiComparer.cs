using System.Reflection;

namespace ActorSock.EngineTests.Parity;

/// <summary>Says where types differ from the listed ones whose names they bear.</summary>
/// <remarks>
/// Missing types, members and setters are no difference: the engine has what it needs. The listing does not
/// show interfaces of System other than IDisposable, so those are not compared. Members that a type inherits
/// from a base which the listing does not have are not compared either.
/// </remarks>
internal sealed class ApiComparer
{
    private readonly Dictionary<string, ListedType> _listed;
    private readonly HashSet<string> _mentioned;
    private readonly ApiNotation _notation;

    public ApiComparer(IReadOnlyList<ListedType> listing, ApiNotation notation)
    {
        _listed = listing.ToDictionary(type => type.Key);
        _mentioned = [.. listing.Select(type => type.Key),
            .. listing.SelectMany(type => type.Bases).Select(ListedType.KeyOf)];
        _notation = notation;
    }

    /// <summary>Whether there is a listed type of that name.</summary>
    public bool Knows(Type type) => _listed.ContainsKey(KeyOf(type));

    /// <summary>
    /// The differences of all those types that bear a listed name, as <c>Type: what is different</c>.
    /// </summary>
    public IEnumerable<string> Differences(IReadOnlyCollection<Type> types)
    {
        var ours = types.Select(KeyOf).ToHashSet();
        return types.Where(Knows).SelectMany(type => Differences(type, _listed[KeyOf(type)], ours)
            .Select(difference => $"{_notation.Name(type)}: {difference}"));
    }

    private IEnumerable<string> Differences(Type type, ListedType listed, HashSet<string> ours)
    {
        if (ApiNotation.Kind(type) != listed.Kind)
            yield return $"is {ApiNotation.Kind(type)}, listed is {listed.Kind}";
        var (has, wanted) = (BasesOf(type), BasesOf(listed));
        foreach (var extra in has.Except(wanted).Except(BasesOfUnlisted(type)))
            yield return $"has the base {extra}, which is not listed";
        foreach (var missing in wanted.Except(has).Where(ours.Contains))
            yield return $"has not the base {missing}";
        var all = wanted.Where(_listed.ContainsKey).SelectMany(name =>
            _listed[name].Members).Concat(listed.Members).ToHashSet();
        foreach (var (member, line) in _notation.Members(type))
        {
            if (all.Contains(line)
                || all.Contains(line.Replace("{ get; }", "{ get; set; }", StringComparison.Ordinal)))
                continue;
            string[] alike = [.. listed.Members.Where(other => NameIn(other) == NameIn(line))];
            if (alike.Length == 0 && IsPlainOverride(member))
                continue;
            yield return alike.Length == 0
                ? $"member that is not listed: {line}"
                : $"{line}\n    listed is: {string.Join("\n               ", alike)}";
        }
    }

    /// <summary>An override that stays open adds nothing to the surface that its base has.</summary>
    private static bool IsPlainOverride(MemberInfo member) =>
        (member as MethodInfo ?? (member as PropertyInfo)?.GetMethod) is { IsFinal: false } method
        && method.GetBaseDefinition() != method;

    private HashSet<string> BasesOf(Type type) => [.. Above(type).Select(KeyOf).Where(_mentioned.Contains)];

    /// <summary>
    /// What comes with a base that Akka has too but that the listing only mentions: it cannot be checked.
    /// </summary>
    private HashSet<string> BasesOfUnlisted(Type type) =>
        [.. Above(type).Where(above => _mentioned.Contains(KeyOf(above))
            && !Knows(above)).SelectMany(BasesOf)];

    private static List<Type> Above(Type type)
    {
        var all = type.GetInterfaces().ToList();
        for (var above = type.BaseType; above is not null; above = above.BaseType)
            all.Add(above);
        return all;
    }

    private HashSet<string> BasesOf(ListedType type)
    {
        var bases = new HashSet<string>();
        foreach (var name in type.Bases.Select(ListedType.KeyOf))
            if (bases.Add(name) && _listed.TryGetValue(name, out var above))
                bases.UnionWith(BasesOf(above));
        return bases;
    }

    private string KeyOf(Type type) => ListedType.KeyOf(_notation.Name(type));

    /// <summary>
    /// The member's own name in a line: what stands before its parameters, its accessors or the end.
    /// </summary>
    private static string NameIn(string line)
    {
        var end = line.IndexOfAny(['(', '{']);
        var head = (end < 0 ? line : line[..end]).TrimEnd();
        if (head.EndsWith('>'))
            head = head[..head.LastIndexOf('<')];
        return head[(head.LastIndexOf(' ') + 1)..];
    }
}
