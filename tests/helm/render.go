// Renders a Helm chart with Go's own templates and sprig, which are what Helm uses: for machines without Helm.
//
//	render CHART NAMESPACE [KEY=VALUE...]
//
// Not done, because the chart does not use it: subcharts, tpl, .Files, hooks. A lookup finds nothing, as in `helm template`.
package main

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"text/template"

	"github.com/Masterminds/sprig"
	"gopkg.in/yaml.v3"
)

// versions is what `.Capabilities.APIVersions` has.
type versions []string

// Has is called by templates.
func (v versions) Has(wanted string) bool {
	for _, known := range v {
		if known == wanted {
			return true
		}
	}
	return false
}

func main() {
	if len(os.Args) < 3 {
		fail(errors.New("usage: render CHART NAMESPACE [KEY=VALUE...]"))
	}
	chart, namespace := os.Args[1], os.Args[2]
	values := read(filepath.Join(chart, "values.yaml"))
	for _, pair := range os.Args[3:] {
		set(values, pair)
	}
	about := read(filepath.Join(chart, "Chart.yaml"))
	scope := map[string]interface{}{
		"Values":       values,
		"Chart":        map[string]interface{}{"Name": about["name"], "Version": about["version"], "AppVersion": about["appVersion"]},
		"Release":      map[string]interface{}{"Name": "kansoku", "Namespace": namespace, "Service": "Helm"},
		"Capabilities": map[string]interface{}{"APIVersions": versions{"v1", "apps/v1", "policy/v1"}},
	}
	all := template.New("chart").Option("missingkey=zero")
	functions := sprig.TxtFuncMap()
	functions["include"] = func(name string, data interface{}) (string, error) {
		var out bytes.Buffer
		err := all.ExecuteTemplate(&out, name, data)
		return out.String(), err
	}
	functions["toYaml"] = func(value interface{}) (string, error) {
		var out bytes.Buffer
		encoder := yaml.NewEncoder(&out)
		encoder.SetIndent(2)
		err := encoder.Encode(value)
		return strings.TrimSuffix(out.String(), "\n"), err
	}
	functions["required"] = func(message string, value interface{}) (interface{}, error) {
		if value == nil || value == "" {
			return nil, errors.New(message)
		}
		return value, nil
	}
	functions["lookup"] = func(...string) map[string]interface{} { return map[string]interface{}{} }
	all.Funcs(functions)
	files, err := filepath.Glob(filepath.Join(chart, "templates", "*"))
	fail(err)
	for _, file := range files {
		text, err := os.ReadFile(file)
		fail(err)
		_, err = all.New(filepath.Base(file)).Parse(string(text))
		fail(err)
	}
	for _, file := range files {
		name := filepath.Base(file)
		if strings.HasPrefix(name, "_") || !strings.HasSuffix(name, ".yaml") {
			continue
		}
		fmt.Printf("---\n# %s\n", name)
		fail(all.ExecuteTemplate(os.Stdout, name, scope))
		fmt.Println()
	}
}

// read reads a YAML file of names and values.
func read(file string) map[string]interface{} {
	text, err := os.ReadFile(file)
	fail(err)
	values := map[string]interface{}{}
	fail(yaml.Unmarshal(text, &values))
	return values
}

// set changes one value, as --set a.b=c does.
func set(values map[string]interface{}, pair string) {
	path, text, found := strings.Cut(pair, "=")
	if !found {
		fail(fmt.Errorf("%s: not KEY=VALUE", pair))
	}
	keys := strings.Split(path, ".")
	for _, key := range keys[:len(keys)-1] {
		below, is := values[key].(map[string]interface{})
		if !is {
			fail(fmt.Errorf("%s: there is no such value", path))
		}
		values = below
	}
	var value interface{} = text
	if number, err := strconv.Atoi(text); err == nil {
		value = number
	} else if flag, err := strconv.ParseBool(text); err == nil {
		value = flag
	}
	values[keys[len(keys)-1]] = value
}

func fail(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}
