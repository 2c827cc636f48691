// --- Jenkinsfile
def publish(String name) {
    withEnv(["PREVIEW=${name}"]) {
        powershell './publish.ps1 -Name $env:PREVIEW'
    }
}

timeout(30) {
    node('windows') {
        checkout scm
        stage('Preview') {
            publish(env.CHANGE_BRANCH)
        }
    }
}
