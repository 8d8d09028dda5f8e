import javax.script.*;
import javax.servlet.http.HttpServletRequest;

class Rules {
    Object script(ScriptEngine engine, HttpServletRequest request) throws ScriptException {
        // ruleid: code-from-request-java
        return engine.eval(request.getParameter("script"));
    }

    @GetMapping("/rule")
    Object expression(@RequestParam String rule) {
        // ruleid: code-from-request-java
        return new SpelExpressionParser().parseExpression(rule).getValue();
    }

    Object constant(ScriptEngine engine) throws ScriptException {
        // ok: code-from-request-java
        return engine.eval("1 + 1");
    }

    @GetMapping("/price")
    Object variable(@RequestParam String price) {
        StandardEvaluationContext context = new StandardEvaluationContext();
        context.setVariable("price", price);
        // ok: code-from-request-java
        return new SpelExpressionParser().parseExpression("#price * 2").getValue(context);
    }
}
