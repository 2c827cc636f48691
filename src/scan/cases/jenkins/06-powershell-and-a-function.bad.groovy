// finds: pasted-injection
// --- Jenkinsfile
def publish(String name) {
    powershell "Write-Output 'publishing ${name}'; ./publish.ps1 -Name ${name}"
}

timeout(30) {
    node('windows') {
        checkout scm
        stage('Preview') {
            publish(env.CHANGE_BRANCH)
        }
    }
}
