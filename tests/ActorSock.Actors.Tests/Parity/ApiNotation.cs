using System.Globalization;
using System.Reflection;
using System.Runtime.CompilerServices;

namespace ActorSock.EngineTests.Parity;

/// <summary>Writes types and members as the listing does, under the names that they have there.</summary>
/// <remarks>
/// What the listing leaves out is left out here: nullability of references, constraints, <c>new</c>,
/// <c>readonly</c>, the difference between protected and protected internal, operators, and Equals,
/// GetHashCode and ToString.
/// </remarks>
/// <param name="rename">a type's name in the listing, by its own</param>
internal sealed class ApiNotation(Func<string, string> rename)
{
    private const BindingFlags Declared =
        BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.Static
        | BindingFlags.DeclaredOnly;

    private static readonly Dictionary<Type, string> s_keywords = new()
    {
        [typeof(void)] = "void", [typeof(object)] = "object", [typeof(string)] = "string",
            [typeof(bool)] = "bool",
        [typeof(int)] = "int", [typeof(long)] = "long", [typeof(byte)] = "byte", [typeof(double)] = "double",
    };

    private static readonly string[] s_leftOut = ["Equals", "GetHashCode", "ToString", "Finalize"];

    public string Name(Type type)
    {
        if (type.IsByRef)
            return "ref " + Name(type.GetElementType()!);
        if (type.IsArray)
            return Name(type.GetElementType()!) + "[]";
        if (type.IsGenericParameter)
            return type.Name;
        if (Nullable.GetUnderlyingType(type) is { } value)
            return Name(value) + "?";
        if (s_keywords.TryGetValue(type, out var keyword))
            return keyword;
        var bare = type.Name.Split('`')[0];
        var full = rename(type.IsNested
            ? $"{WithoutArguments(type.DeclaringType!)}.{bare}" : $"{type.Namespace}.{bare}");
        return type.IsGenericType ? $"{full}<{string.Join(", ", type.GetGenericArguments().Select(Name))}>"
            : full;
    }

    public static string Kind(Type type) => type switch
    {
        { IsEnum: true } => "enum",
        { IsInterface: true } => "interface",
        { IsValueType: true } => "struct",
        { IsAbstract: true, IsSealed: true } => "static class",
        { IsAbstract: true } => "abstract class",
        { IsSealed: true } => "sealed class",
        _ => "class",
    };

    /// <summary>The members that a type itself declares and that others can see.</summary>
    public IEnumerable<(MemberInfo Member, string Line)> Members(Type type)
    {
        if (type.IsEnum)
            return [(type, string.Join(", ", Enum.GetNames(type)))];
        return type.GetMembers(Declared)
            .Where(member => !s_leftOut.Contains(member.Name)
                && !member.IsDefined(typeof(CompilerGeneratedAttribute)))
            .Select(member => (member, Line: Line(member)))
            .Where(entry => entry.Line is not null)
            .Select(entry => (entry.member, ListedType.WithoutExpressions(entry.Line!)));
    }

    private string? Line(MemberInfo member) => member switch
    {
        ConstructorInfo { IsStatic: false } made when Visible(made) =>
            $"{Protected(made)}new({Parameters(made)})",
        MethodInfo { IsSpecialName: false } method when Visible(method) =>
            $"{Modifiers(method)}{Name(method.ReturnType)} {method.Name}"
            + $"{TypeParameters(method)}({Parameters(method)})",
        PropertyInfo property => Line(property),
        FieldInfo { IsSpecialName: false } field when field.IsPublic || field.IsFamily
        || field.IsFamilyOrAssembly =>
            (field.IsPublic ? "" : "protected ") + (field.IsStatic ? "static " : "")
            + $"{Name(field.FieldType)} {field.Name}",
        _ => null,
    };

    private string? Line(PropertyInfo property)
    {
        MethodInfo[] accessors = [.. property.GetAccessors(nonPublic: true).Where(Visible)];
        if (accessors.Length == 0)
            return null;
        var widest = accessors.FirstOrDefault(accessor => accessor.IsPublic) ?? accessors[0];
        var (get, set) = (accessors.Contains(property.GetMethod) ? "get; " : "",
            accessors.Contains(property.SetMethod) ? "set; " : "");
        return $"{Modifiers(widest)}{Name(property.PropertyType)} {property.Name} {{ {get}{set}}}";
    }

    private static bool Visible(MethodBase method) =>
        method.IsPublic || method.IsFamily || method.IsFamilyOrAssembly;

    private static string Protected(MethodBase method) => method.IsPublic ? "" : "protected ";

    private static string Modifiers(MethodInfo method)
    {
        if (method.DeclaringType!.IsInterface)
            return "";
        var kind = method switch
        {
            { IsStatic: true } => "static ",
            { IsAbstract: true } => "abstract ",
            { IsVirtual: true, IsFinal: false } => "virtual ",
            _ => "",
        };
        return Protected(method) + kind;
    }

    private string TypeParameters(MethodInfo method) =>
        method.IsGenericMethod ? $"<{string.Join(", ", method.GetGenericArguments().Select(Name))}>" : "";

    private string Parameters(MethodBase method) =>
        string.Join(", ", method.GetParameters().Select(Parameter));

    private string Parameter(ParameterInfo parameter)
    {
        var extended = parameter.Position == 0 && parameter.Member.IsDefined(typeof(ExtensionAttribute))
            ? "this " : "";
        var many = parameter.IsDefined(typeof(ParamArrayAttribute)) ? "params " : "";
        var value = parameter.HasDefaultValue
            ? " = " + (parameter.DefaultValue is { } given ? Convert.ToString(given, CultureInfo.InvariantCulture) : "default")
            : "";
        return $"{extended}{many}{Name(parameter.ParameterType)} {parameter.Name}{value}";
    }

    private string WithoutArguments(Type type) =>
        type.IsNested ? $"{WithoutArguments(type.DeclaringType!)}.{type.Name.Split('`')[0]}"
            : $"{type.Namespace}.{type.Name.Split('`')[0]}";
}
