{{- define "kansoku.image" -}}
{{ .Values.image.repository }}:{{ .Values.image.tag | default .Chart.AppVersion }}
{{- end }}

{{- define "kansoku.labels" -}}
app.kubernetes.io/part-of: kansoku
app.kubernetes.io/instance: {{ .Release.Name }}
app.kubernetes.io/managed-by: {{ .Release.Service }}
helm.sh/chart: {{ .Chart.Name }}-{{ .Chart.Version }}
{{- end }}

{{- define "kansoku.rung" -}}
{{- $rung := int .Values.rung -}}
{{- if or (lt $rung 0) (gt $rung 2) }}{{ fail "rung must be 0, 1 or 2" }}{{ end -}}
{{ $rung }}
{{- end }}

{{/* Whether the kubelet is asked: "true" or "". */}}
{{- define "kansoku.asksKubelet" -}}
{{- if or (lt (include "kansoku.rung" . | int) 2) .Values.volumes }}true{{ end -}}
{{- end }}

{{- define "kansoku.tokens" -}}
{{ .Values.tokens.existingSecret | default "kansoku-tokens" }}
{{- end }}

{{/* What every container may not. */}}
{{- define "kansoku.security" -}}
privileged: false
allowPrivilegeEscalation: false
readOnlyRootFilesystem: true
capabilities: {drop: [ALL]}
{{- end }}

{{/* Opens the folder that the kubelet made for user 0 to the group that is to write there. */}}
{{- define "kansoku.prepare" -}}
- name: prepare
  image: {{ include "kansoku.image" .root }}
  imagePullPolicy: {{ .root.Values.image.pullPolicy }}
  command: [/usr/local/bin/kansoku-agent, prepare, /var/lib/kansoku]
  securityContext:
    runAsNonRoot: false
    runAsUser: 0
    runAsGroup: {{ .group }}
    {{- include "kansoku.security" . | nindent 4 }}
  resources:
    requests: {cpu: 10m, memory: 16Mi}
    limits: {memory: 64Mi}
  volumeMounts:
    - {name: {{ .volume }}, mountPath: /var/lib/kansoku}
{{- end }}
