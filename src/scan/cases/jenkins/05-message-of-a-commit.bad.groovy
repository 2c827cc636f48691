// finds: pasted-injection
// --- Jenkinsfile
timeout(30) {
    node('linux') {
        checkout scm
        stage('Report') {
            def subject = sh(script: 'git log -1 --pretty=%s', returnStdout: true).trim()
            sh "curl -d 'text=${subject}' https://chat.example.com/hook"
        }
    }
}
